/**
 * A table (or some columns of it) copied before a statement and compared with what is there after it. For what no
 * trigger can tell: changes of type, inheritance, code that is not looked into.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { addTableItem, endItem, ensureKeptSchema, type KeepScope } from './keep-scope.js';
import {
  digestOf,
  isUnchanged,
  keptColumn,
  keptTable,
  keptTableName,
  keyExpressions,
  keyOf,
  type Layout,
  layoutKey,
  nameOf,
  onKey,
  orderBy,
  ROW_HEAD,
  storedValue,
} from './layout.js';
import { forgetOwn } from './own-rows.js';
import { checkWidth } from './refuse.js';
import { withoutForcedPolicies } from './row-security.js';
import { type ColumnFact, readTables, type TableFacts } from './table-facts.js';

export interface Copy {
  readonly id: number;
  readonly table: TableFacts;
  readonly layout: Layout;
  /** The columns in the copy, and those of the key, as they were named then. */
  readonly columns: readonly ColumnFact[];
  readonly key: readonly ColumnFact[];
  /** The key changes too: rows are told by their place on disk, which a rewrite keeps the order of. */
  readonly isByPlace: boolean;
}

interface CopyOptions {
  /** The numbers of the columns to copy; all of them unless told. */
  readonly numbers?: ReadonlySet<number> | undefined;
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
  { numbers, isFull = false }: CopyOptions = {},
): Promise<Copy> {
  await ensureKeptSchema(session);
  const start = scope.names.atStart(table);
  const named = new Map(start.columns.map((column) => [column.number, column]));
  const added = scope.names.added(table);
  const columns = table.columns.filter(
    ({ isGenerated, number, name }) =>
      !isGenerated && !added.includes(name) && (numbers === undefined || numbers.has(number)),
  );
  const unsure = scope.names.addedNumbers(table);
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
  return { id, table, layout, columns, key: key.columns, isByPlace };
}

/** Keeps of the copy what is no longer there or has another value, and drops the rest. */
export async function endCopy(session: Session, scope: KeepScope, copy: Copy): Promise<void> {
  const { id, layout } = copy;
  const [now] = await readTables(session, [copy.table.oid]);
  const [made] = await (now === undefined || !now.columns.some(({ number }) => isIn(copy.key, number))
    ? session.run(allGone(copy))
    : withoutForcedPolicies(session, now, () =>
        session.run(
          copy.isByPlace
            ? inPlace(copy, now)
            : layout.isKeyless && copy.columns.length === now.columns.filter((c) => !c.isGenerated).length
              ? pairs(copy, now)
              : differing(copy, now),
        ),
      ));
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
  await session.query('update plinth.kept set layout = $2 where id = $1', [
    id,
    JSON.stringify(scope.kept[index].layout),
  ]);
}

function isIn(columns: readonly ColumnFact[], number: number): boolean {
  return columns.some((column) => column.number === number);
}

function copyName(id: number): string {
  return keptTable(`${keptTableName(id)}_copy`);
}

function keyNames(layout: Layout): string[] {
  return layout.isKeyless ? ['k1', 'kn'] : layout.key.map(({ kept }) => kept);
}

/** Row by row in their order on disk; the key is the one that they have now. */
function inPlace({ id, layout, key }: Copy, now: TableFacts): string {
  const current = (column: { readonly number: number }): ColumnFact =>
    now.columns.find(({ number }) => number === column.number)!;
  const differs = layout.columns.map((column) =>
    layout.isFull ? 'true' : `not (${isUnchanged('t', current(column), column, `k.${column.kept}`)})`,
  );
  const digest = digestOf(
    's',
    key.map((column) => current(column).name),
  );
  const values = [
    'false as gone',
    ROW_HEAD,
    ...(layout.isKeyless
      ? ['t.plinth_k1 as k1', 't.plinth_kn as kn']
      : key.map((column, index) => `${storedValue('t', current(column))} as k${index + 1}`)),
    ...layout.columns.flatMap((column, index) => [
      `case when ${differs[index]} then k.${column.kept} end as ${column.kept}`,
      `case when ${differs[index]} then ${storedValue('t', current(column))} end as ${column.fresh}`,
    ]),
  ];
  return `create table ${keptTable(keptTableName(id))} as select ${values.join(', ')}
    from ${copyName(id)} as k
    join (select s.*, pg_catalog.row_number() over (order by s.ctid) as plinth_place, ${digest} as plinth_k1,
                 pg_catalog.row_number() over (partition by ${digest} order by s.ctid) as plinth_kn
            from only ${nameOf(now)} as s) as t
      on t.plinth_place = k.place
   where ${['false', ...differs].join(' or ')}`;
}

/** The table is gone, or its key is: every row is kept. */
function allGone({ id, layout }: Copy): string {
  const values = [
    'true as gone',
    ROW_HEAD,
    ...keyNames(layout).map((name) => `k.${name}`),
    ...layout.columns.flatMap(({ kept, fresh }) => [`k.${kept}`, `null::text as ${fresh}`]),
  ];
  return `create table ${keptTable(keptTableName(id))} as select ${values.join(', ')} from ${copyName(id)} as k`;
}

/** By key: rows that are gone whole, of the others what has changed. */
function differing({ id, layout, key }: Copy, now: TableFacts): string {
  const current = (column: { readonly number: number }): ColumnFact | undefined =>
    now.columns.find(({ number }) => number === column.number);
  const nameNow = (column: { readonly number: number; readonly name: string }): string =>
    current(column)?.name ?? column.name;
  const digest = digestOf('s', key.map(nameNow));
  const from = layout.isKeyless
    ? `(select s.*, ${digest} as plinth_k1, pg_catalog.row_number() over (partition by ${digest} ${orderBy('s', [])}) as plinth_kn from only ${nameOf(now)} as s)`
    : `only ${nameOf(now)}`;
  const on = onKey(now, layout, nameNow);
  const isGone = `${layout.isKeyless ? 't.plinth_k1' : `t.${quoteIdentifier(nameNow(layout.key[0]!))}`} is null`;
  const differs = layout.columns.map((column) => {
    const is = current(column);
    return is && !layout.isFull ? `not (${isUnchanged('t', is, column, `k.${column.kept}`)})` : 'true';
  });
  const values = [
    `(${isGone}) as gone`,
    ROW_HEAD,
    ...keyNames(layout).map((name) => `k.${name}`),
    ...layout.columns.flatMap((column, index) => {
      const is = current(column);
      return [
        `case when ${isGone} or ${differs[index]} then k.${column.kept} end as ${column.kept}`,
        is
          ? `case when not (${isGone}) and ${differs[index]} then ${storedValue('t', is)} end as ${column.fresh}`
          : `null::text as ${column.fresh}`,
      ];
    }),
  ];
  return `create table ${keptTable(keptTableName(id))} as select ${values.join(', ')}
    from ${copyName(id)} as k left join ${from} as t on ${on}
   where ${[isGone, ...differs].join(' or ')}`;
}

/** Without a key: rows that are no longer there, each beside one that is new, as far as there are any. */
function pairs({ id, layout, columns }: Copy, now: TableFacts): string {
  const names = columns.map(({ number, name }) => now.columns.find((c) => c.number === number)?.name ?? name);
  const digest = digestOf('s', names);
  const values = [
    '(n.plinth_k1 is null) as gone',
    ROW_HEAD,
    'coalesce(n.plinth_k1, o.k1) as k1',
    'coalesce(n.plinth_kn, o.kn) as kn',
    ...layout.columns.flatMap(({ kept, fresh, number }, index) => {
      const is = now.columns.find((c) => c.number === number);
      return [
        `o.${kept}`,
        is
          ? `${storedValue('n', { name: names[index]!, isBuiltIn: is.isBuiltIn })} as ${fresh}`
          : `null::text as ${fresh}`,
      ];
    }),
  ];
  return `create table ${keptTable(keptTableName(id))} as
    with now as (
      select s.*, ${digest} as plinth_k1, pg_catalog.row_number() over (partition by ${digest}) as plinth_kn from only ${nameOf(now)} as s
    ),
    o as (
      select k.*, pg_catalog.row_number() over () as plinth_pair
        from ${copyName(id)} as k
       where not exists (select from now as n where n.plinth_k1 = k.k1 and n.plinth_kn = k.kn)
    ),
    n as (
      select n.*, pg_catalog.row_number() over () as plinth_pair
        from now as n
       where not exists (select from ${copyName(id)} as k where n.plinth_k1 = k.k1 and n.plinth_kn = k.kn)
    )
    select ${values.join(', ')} from o left join n on n.plinth_pair = o.plinth_pair`;
}
