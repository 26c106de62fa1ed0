import { MIGRATE_ERRORS } from '../errors.js';
import type { ScriptStatement } from '../run/script.js';
import type { KeepScope } from './keep-scope.js';
import { nameOf } from './layout.js';
import type { TableFacts } from './table-facts.js';

/** A table of PostgreSQL has at most 1,600 columns. */
const MOST_COLUMNS = 1600;
/** Beside the key and the values: what is noted of each row. */
const NOTED_COLUMNS = 10;

/**
 * Old and new values of a row lie beside each other.
 * @throws MIGRATE_DATA_NOT_KEPT for a table with more columns than there is room for
 */
export function checkWidth(scope: KeepScope, statement: number, table: TableFacts, key: number): void {
  const most = Math.floor((MOST_COLUMNS - NOTED_COLUMNS - key) / 2);
  const running = scope.statements.find(({ index }) => index === statement);
  if (table.columns.length > most && running) {
    const why = `it has ${table.columns.length} columns, and of ${most} at most the values before and after fit into a table`;
    throw dataNotKept(scope, running, [nameOf(table)], why, 'nothing else helps');
  }
}

/** The error for a statement whose loss cannot be kept: it names what would be lost, and what to write. */
export function dataNotKept(
  { source }: Pick<KeepScope, 'source'>,
  statement: ScriptStatement,
  tables: readonly string[],
  why: string,
  keeping: 'a directive may help' | 'nothing else helps' = 'a directive may help',
): Error {
  const { start, end, index, tag } = statement;
  const helps = keeping === 'a directive may help' && /^[\w.]+$/.test(tables[0] ?? '');
  const keep = helps ? `-- plinth: keep ${tables[0]} or ` : '';
  return MIGRATE_ERRORS.DATA_NOT_KEPT({
    message: `Cannot run ${tag} of ${source.file}: it destroys data of ${tables.join(', ')} that cannot be kept: ${why}`,
    hint: `Write before the statement: ${keep}-- plinth: keep=off reason="…"`,
    source: { file: source.file, text: source.text, start, end },
    details: { statement: index + 1, tables },
  });
}
