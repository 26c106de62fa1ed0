/**
 * A table (or some columns of it) copied before a statement and compared with what is there after it. For what no
 * trigger can tell: changes of type, inheritance, code that is not looked into.
 */
import type { Session } from '../../database/index.js';
import { type Copy, copyName, keptRowsSql } from './copied-rows.js';
import type { RemadeColumns } from './guard-plan.js';
import { setLayout } from './items.js';
import { keepRemade } from './keep-remade.js';
import { addTableItem, endItem, ensureKeptSchema, type KeepScope } from './keep-scope.js';
import { keptColumn, keyExpressions, keyOf, type Layout, layoutKey, nameOf, storedValue } from './layout.js';
import { computesValues } from './opposite.js';
import { forgetOwn } from './own-rows.js';
import { checkWidth } from './refuse.js';
import { withoutForcedPolicies } from './row-security.js';
import { readTables, type TableFacts } from './table-facts.js';

interface CopyOptions {
  /** The numbers of the columns to copy; all of them unless told. */
  readonly numbers?: ReadonlySet<number> | undefined;
  readonly remade?: RemadeColumns | undefined;
  /**
   * Values that the statement leaves as they are stay in the copy too: the opposite statement may compute another
   * from them.
   */
  readonly isFull?: boolean;
}

/** Copies columns with the key. The table is locked already. */
export async function startCopy(
  session: Session,
  scope: KeepScope,
  statement: number,
  table: TableFacts,
  { numbers, remade, isFull = false }: CopyOptions = {},
): Promise<Copy> {
  await ensureKeptSchema(session);
  const start = scope.names.atStart(table);
  const named = new Map(start.columns.map((column) => [column.number, column]));
  const added = scope.names.added(table);
  const columns = table.columns.filter(
    ({ isGenerated, number, name }) =>
      !isGenerated && !added.includes(name) && (numbers === undefined || numbers.has(number)),
  );
  // A key tells rows though its type changes; all columns together do not.
  const gone = [...scope.names.addedNumbers(table), ...(remade?.dropped ?? [])];
  const unsure = keyOf(table, new Set(gone)).isKeyless ? [...gone, ...(remade?.retyped ?? [])] : gone;
  const told = keyOf(table, new Set([...(numbers ?? []), ...unsure])).columns;
  const isByPlace =
    numbers !== undefined &&
    (told.length === 0 || (table.keys[0] ?? []).some((number) => numbers.has(number)));
  const key = keyOf(table, new Set([...(isByPlace ? [] : (numbers ?? [])), ...unsure]));
  checkWidth(scope, statement, { ...table, columns }, key.isKeyless ? 1 : key.columns.length);
  const layout: Layout = {
    key: layoutKey(key.columns.map((column) => named.get(column.number) ?? column)),
    isKeyless: key.isKeyless,
    columns: columns.map((column, index) =>
      keptColumn(named.get(column.number) ?? column, `o${index + 1}`, `n${index + 1}`),
    ),
    ...(isFull ? { isFull: 'values' } : {}),
  };
  const id = await addTableItem(session, scope, table, { statement, kind: 'rows', layout });
  const values = [
    ...(isByPlace
      ? ['pg_catalog.row_number() over (order by t.ctid) as place']
      : keyExpressions('t', key.columns, key.isKeyless)),
    ...columns.map((column, index) => `${storedValue('t', column)} as o${index + 1}`),
  ];
  if (isByPlace) {
    await session.run('set local synchronize_seqscans = off');
  }
  await withoutForcedPolicies(session, table, () =>
    session.run(
      `create table ${copyName(id)} as select ${values.join(', ')} from only ${nameOf(table)} as t`,
    ),
  );
  const names = table.columns
    .filter(({ number }) => remade?.retyped.includes(number))
    .map(({ name }) => name);
  const computes = names.length > 0 && (await computesValues(scope.oppositeText, names));
  return {
    ...{ id, statement, table, layout, key: key.columns, isByPlace },
    isWhole: numbers === undefined,
    retyped: key.isKeyless || computes ? (remade?.retyped ?? []) : [],
    computes,
  };
}

/** Keeps of the copy what is no longer there or has another value, and drops the rest. */
export async function endCopy(session: Session, scope: KeepScope, copy: Copy): Promise<void> {
  const { id } = copy;
  const [now] = await readTables(session, [copy.table.oid]);
  const keep = () => session.run(keptRowsSql(copy, now));
  const [made] = await (now === undefined
    ? keep()
    : withoutForcedPolicies(session, now, async () => {
        const kept = await keep();
        await keepRemade(session, scope, copy, now);
        return kept;
      }));
  await session.run(`drop table ${copyName(id)}`);
  if (copy.isByPlace && now !== undefined) {
    await noteKeyTypes(session, scope, copy, now);
  }
  const rows = (made?.rowCount ?? 0) - (await forgetOwn(session, scope, copy.table, id));
  await endItem(session, scope, id, rows);
}

/** The key is of the values as they are now, and so are its types. */
async function noteKeyTypes(
  session: Session,
  scope: KeepScope,
  { id }: Copy,
  now: TableFacts,
): Promise<void> {
  const index = scope.kept.findIndex((each) => each.id === id);
  const kept = scope.kept[index]!;
  const key = kept.layout.key.map((column) => {
    const { type, isBuiltIn, hasCollation } = now.columns.find(({ number }) => number === column.number)!;
    return { ...column, type, isBuiltIn, hasCollation };
  });
  scope.kept[index] = { ...kept, layout: { ...kept.layout, key } };
  await setLayout(session, id, scope.kept[index].layout);
}
