/**
 * What the opposite script would do to values that a change of type leaves as they are. Between `integer` and `text`
 * a cast gives each value back; `length(code)` does not, and then the old values have to be there.
 */
import { analyzeScript, bodyOf, loadParser, type NodeBody, type SqlStatement } from '../../sql/index.js';
import { intentOf } from './intents.js';

/** Whether the opposite script may make other values of the columns than casts would. */
export async function computesValues(
  oppositeText: string | undefined,
  columns: readonly string[],
): Promise<boolean> {
  if (oppositeText === undefined) {
    return false;
  }
  await loadParser();
  return analyzeScript(oppositeText).some((statement) => mayCompute(statement, columns));
}

function mayCompute(statement: SqlStatement, columns: readonly string[]): boolean {
  const intent = intentOf(statement);
  switch (intent?.kind) {
    case undefined:
      return statement.classification.kind === 'data';
    case 'alter':
      return intent.dropped.some((name) => columns.includes(name)) || computesTypes(statement);
    case 'write':
    case 'opaque':
      return true;
    default:
      return false;
  }
}

/** Whether it gives columns other types with other values: a `using` is more than a column, or a cast of one. */
export function computesTypes({ outcome }: Pick<SqlStatement, 'outcome'>): boolean {
  const commands = outcome.kind === 'parsed' ? bodyOf(outcome.node, 'AlterTableStmt')?.cmds : undefined;
  return (commands ?? []).some((node) => {
    const command = bodyOf(node, 'AlterTableCmd');
    const using: NodeBody<'ColumnDef'>['raw_default'] =
      command?.subtype === 'AT_AlterColumnType' ? bodyOf(command.def, 'ColumnDef')?.raw_default : undefined;
    const value = bodyOf(using, 'TypeCast')?.arg ?? using;
    return value !== undefined && bodyOf(value, 'ColumnRef') === undefined;
  });
}
