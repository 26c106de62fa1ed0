import { MIGRATE_ERRORS } from '../errors.js';
import type { ScriptStatement } from '../run/script.js';
import type { KeepScope } from './keep-scope.js';

/** The error for a statement whose loss cannot be kept: it names what would be lost, and what to write. */
export function dataNotKept(
  { source }: Pick<KeepScope, 'source'>,
  statement: ScriptStatement,
  tables: readonly string[],
  why: string,
): Error {
  const { start, end, index, tag } = statement;
  const keep = tables.length > 0 && /^[\w.]+$/.test(tables[0]!) ? `-- plinth: keep ${tables[0]} or ` : '';
  return MIGRATE_ERRORS.DATA_NOT_KEPT({
    message: `Cannot run ${tag} of ${source.file}: it destroys data of ${tables.join(', ')} that cannot be kept: ${why}`,
    hint: `Write before the statement: ${keep}-- plinth: keep=off reason="…"`,
    source: { file: source.file, text: source.text, start, end },
    details: { statement: index + 1, tables },
  });
}
