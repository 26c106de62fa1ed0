/** Columns that are about to go: the rows' keys and the old values are copied. */
import type { Session } from '../../database/index.js';
import { setKeptTable } from './items.js';
import { addTableItem, ensureKeptSchema, type KeepScope } from './keep-scope.js';
import {
  keptColumn,
  keptTable,
  keptTableName,
  keyExpressions,
  keyOf,
  layoutKey,
  nameOf,
  storedValue,
} from './layout.js';
import { forgetOwn } from './own-rows.js';
import { withoutForcedPolicies } from './row-security.js';
import type { TableFacts } from './table-facts.js';

/** Keeps the columns with those numbers. The table is locked already. */
export async function keepColumns(
  session: Session,
  scope: KeepScope,
  statement: number,
  table: TableFacts,
  numbers: ReadonlySet<number>,
): Promise<void> {
  const added = scope.names.added(table);
  const lost = table.columns.filter(
    ({ number, name, isGenerated }) => numbers.has(number) && !isGenerated && !added.includes(name),
  );
  if (lost.length === 0 || table.kind !== 'r' || table.isNew || table.isTemporary) {
    return;
  }
  await ensureKeptSchema(session);
  // Columns that the script has added are gone again when the values are put back.
  const key = keyOf(table, new Set([...numbers, ...scope.names.addedNumbers(table)]));
  const start = scope.names.atStart(table);
  const named = new Map(start.columns.map((column) => [column.number, column]));
  const columns = lost.map((column, index) =>
    keptColumn(named.get(column.number) ?? column, `o${index + 1}`),
  );
  const layout = {
    key: layoutKey(key.columns.map((column) => named.get(column.number) ?? column)),
    isKeyless: key.isKeyless,
    columns,
  };
  const id = await addTableItem(session, scope, table, { statement, kind: 'column', layout });
  const values = [
    ...keyExpressions('t', key.columns, key.isKeyless),
    ...lost.map((column, index) => `${storedValue('t', column)} as o${index + 1}`),
  ];
  const kept = keptTableName(id);
  const rows = await withoutForcedPolicies(session, table, async () => {
    const [copied] = await session.run(
      `create table ${keptTable(kept)} as select ${values.join(', ')} from only ${nameOf(table)} as t`,
    );
    return copied?.rowCount ?? 0;
  });
  await setKeptTable(session, id, kept, rows - (await forgetOwn(session, scope, table, id)));
}
