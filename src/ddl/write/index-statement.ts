import type { Table, TableIndex, View } from '../../schema/index.js';
import { lex, quoteIdentifier } from '../../sql/index.js';
import { lowerKeywords } from './keywords.js';
import { relationNamed } from './named.js';

/** `create index`, for the partitions too; without the access method that goes without saying. */
export function createIndex({ definition }: Pick<TableIndex, 'definition'>): string {
  return lowerKeywords(edited(definition));
}

/** The statement without its storage parameters: what a change of those leaves as it is. */
export function withoutStorage({ definition, options }: Pick<TableIndex, 'definition' | 'options'>): string {
  return options === undefined ? definition : definition.replace(/ WITH \([^()]*\)/, '');
}

/** What marks an index for its table. */
export function indexMarks(
  relation: Table | View,
  index: {
    readonly name: string;
    readonly clustered?: true | undefined;
    readonly replicaIdentity?: true | undefined;
  },
): string[] {
  const alter = `alter ${relationNamed(relation)}`;
  return [
    ...(index.clustered ? [`${alter} cluster on ${quoteIdentifier(index.name)}`] : []),
    ...(index.replicaIdentity
      ? [`${alter} replica identity using index ${quoteIdentifier(index.name)}`]
      : []),
  ];
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
