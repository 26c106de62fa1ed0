import type { TableIndex } from '../../schema/index.js';
import { lex } from '../../sql/index.js';
import { lowerKeywords } from './keywords.js';

/** `create index`, for the partitions too; without the access method that goes without saying. */
export function createIndex({ definition }: Pick<TableIndex, 'definition'>): string {
  return lowerKeywords(edited(definition));
}

/** The statement without its storage parameters: what a change of those leaves as it is. */
export function withoutStorage({ definition, options }: Pick<TableIndex, 'definition' | 'options'>): string {
  return options === undefined ? definition : definition.replace(/ WITH \([^()]*\)/, '');
}

/** Line breaks before the clauses; `ONLY` and `USING btree` taken out. */
function edited(definition: string): string {
  let result = '';
  let done = 0;
  let depth = 0;
  let isPastTable = false;
  const tokens = lex(definition);
  for (const [place, { start, end }] of tokens.entries()) {
    const source = definition.slice(start, end);
    depth += source === '(' ? 1 : source === ')' ? -1 : 0;
    if (depth > 0) {
      continue;
    }
    if (source === 'WHERE' || (source === 'ON' && !isPastTable)) {
      result += `${definition.slice(done, start).trimEnd()}\n  `;
      done = start;
      isPastTable = true;
    } else if (source === 'ONLY') {
      result += definition.slice(done, start);
      done = end + 1;
    } else if (source === 'USING') {
      const method = tokens[place + 1]!;
      result += definition.slice(done, start);
      done = definition.slice(method.start, method.end) === 'btree' ? method.end + 1 : start;
    }
  }
  return result + definition.slice(done);
}
