/**
 * A table (or some columns of it) copied before a statement and compared with what is there after it. For what no
 * trigger can tell: changes of type, inheritance, code that is not looked into.
 */
import type { Session } from '../../database/index.js';
import { addTableItem, endItem, ensureKeptSchema, type KeepScope } from './keep-scope.js';
import {
  columnOf,
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
import { computesValues } from './opposite.js';
import { forgetOwn } from './own-rows.js';
import { checkWidth } from './refuse.js';
import { withoutForcedPolicies } from './row-security.js';
import { type ColumnFact, readTables, type TableFacts } from './table-facts.js';

export interface Copy {
  readonly id: number;
  readonly statement: number;
  readonly table: TableFacts;
  readonly layout: Layout;
  /** The columns in the copy, and those of the key, as they were named then. */
  readonly columns: readonly ColumnFact[];
  readonly key: readonly ColumnFact[];
  /** The key changes too: rows are told by their place on disk, which a rewrite keeps the order of. */
  readonly isByPlace: boolean;
  /** All columns are in the copy. */
  readonly isWhole: boolean;
  /** The numbers of columns that get other types and are kept by themselves. */
  readonly retyped: readonly number[];
  /** Whether the opposite script may compute other values of them than casts would. */
  readonly computes: boolean;
}

/** The numbers of columns that code drops, or gives other types. */
export interface RemadeColumns {
  readonly dropped: readonly number[];
  readonly retyped: readonly number[];
}

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
    ...{ id, statement, table, layout, columns, key: key.columns, isByPlace },
    isWhole: numbers === undefined,
    retyped: key.isKeyless || computes ? (remade?.retyped ?? []) : [],
    computes,
  };
}

/** Keeps of the copy what is no longer there or has another value, and drops the rest. */
export async function endCopy(session: Session, scope: KeepScope, copy: Copy): Promise<void> {
  const { id, layout } = copy;
  const [now] = await readTables(session, [copy.table.oid]);
  const [made] = await (now === undefined
    ? session.run(allGone(copy))
    : withoutForcedPolicies(session, now, async () => {
        const kept = await session.run(
          copy.isByPlace
            ? inPlace(copy, now)
            : layout.isKeyless && copy.isWhole
              ? pairs(copy, now)
              : differing(copy, now),
        );
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
  await session.query('update plinth.kept set layout = $2 where id = $1', [
    id,
    JSON.stringify(scope.kept[index].layout),
  ]);
}

/**
 * What code has dropped is kept as where a statement drops it, and what it has given another type as where a statement
 * does that: of the rows that stay, the key and these values. Rows that are gone are kept whole, and so are those
 * without a key that have changed.
 */
async function keepRemade(session: Session, scope: KeepScope, copy: Copy, now: TableFacts): Promise<void> {
  const { layout, retyped, computes } = copy;
  const lost = layout.columns.filter((column) => !currentOf(now, column));
  if (lost.length > 0) {
    const columns = lost.map(({ fresh: _, ...column }, index) => ({ ...column, kept: `o${index + 1}` }));
    const values = lost.map((column, index) => `k.${column.kept} as ${columns[index]!.kept}`);
    await keepApart(session, scope, copy, now, { kind: 'column', columns, values, where: 'true' });
  }
  const others = layout.columns.filter((column) => retyped.includes(column.number) && currentOf(now, column));
  if (others.length > 0) {
    const differs = others.map((column) =>
      computes ? 'true' : `not (${isUnchanged('t', currentOf(now, column)!, column, `k.${column.kept}`)})`,
    );
    const values = others.flatMap((column, index) => [
      `case when ${differs[index]} then k.${column.kept} end as ${column.kept}`,
      `case when ${differs[index]} then ${storedValue('t', currentOf(now, column)!)} end as ${column.fresh}`,
    ]);
    await keepApart(session, scope, copy, now, {
      kind: 'rows',
      columns: others,
      ...(computes ? { isFull: 'values' } : {}),
      values,
      where: differs.join(' or '),
    });
  }
}

interface Apart extends Pick<Layout, 'columns' | 'isFull'> {
  readonly kind: 'column' | 'rows';
  /** What is kept of a row, which is `k` in the copy and `t` in the table. */
  readonly values: readonly string[];
  readonly where: string;
}

async function keepApart(
  session: Session,
  scope: KeepScope,
  { id, statement, table, layout: { key, isKeyless } }: Copy,
  now: TableFacts,
  { kind, values, where, ...rest }: Apart,
): Promise<void> {
  const layout = { key, isKeyless, ...rest };
  const to = await addTableItem(session, scope, table, { statement, kind, layout });
  const columns = [
    ...(kind === 'rows' ? ['false as gone', ROW_HEAD] : []),
    ...keyNames(layout).map((name) => `k.${name}`),
    ...values,
  ];
  const [copied] = await session.run(
    `create table ${keptTable(keptTableName(to))} as
       select ${columns.join(', ')} from ${copyName(id)} as k
         join ${thereNow(layout, now)} on ${onKey(now, layout, nameIn(now))} where ${where}`,
  );
  await endItem(session, scope, to, (copied?.rowCount ?? 0) - (await forgetOwn(session, scope, table, to)));
}

function copyName(id: number): string {
  return keptTable(`${keptTableName(id)}_copy`);
}

function keyNames(layout: Pick<Layout, 'key' | 'isKeyless'>): string[] {
  return layout.isKeyless ? ['k1', 'kn'] : layout.key.map(({ kept }) => kept);
}

/** A null as such a value is stored. */
function noValue({ type, isBuiltIn }: Pick<ColumnFact, 'type' | 'isBuiltIn'>): string {
  return `null::${isBuiltIn ? type : 'pg_catalog.text'}`;
}

type Numbered = Pick<ColumnFact, 'number'>;

function currentOf(now: TableFacts, { number }: Numbered): ColumnFact | undefined {
  return now.columns.find((column) => column.number === number);
}

function nameIn(now: TableFacts): (column: Numbered & { readonly name: string }) => string {
  return (column) => currentOf(now, column)?.name ?? column.name;
}

/** The table as it is after the statement, as `t`: without a key, its rows are numbered among equals. */
function thereNow(layout: Pick<Layout, 'key' | 'isKeyless'>, now: TableFacts): string {
  if (!layout.isKeyless) {
    return `only ${nameOf(now)} as t`;
  }
  const digest = digestOf('s', layout.key.map(nameIn(now)));
  return `(select s.*, ${digest} as plinth_k1, pg_catalog.row_number() over (partition by ${digest} ${orderBy('s', [])}) as plinth_kn
             from only ${nameOf(now)} as s) as t`;
}

/** Row by row in their order on disk; the key is the one that they have now. */
function inPlace({ id, layout, key }: Copy, now: TableFacts): string {
  const current = (column: Numbered): ColumnFact => currentOf(now, column)!;
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

/** The table is gone: every row is kept. */
function allGone({ id, layout }: Copy): string {
  const values = [
    'true as gone',
    ROW_HEAD,
    ...keyNames(layout).map((name) => `k.${name}`),
    ...layout.columns.flatMap((column) => [`k.${column.kept}`, `${noValue(column)} as ${column.fresh}`]),
  ];
  return `create table ${keptTable(keptTableName(id))} as select ${values.join(', ')} from ${copyName(id)} as k`;
}

/** By key: rows that are gone whole, of the others what has changed. */
function differing({ id, layout, retyped }: Copy, now: TableFacts): string {
  const isGone = `${layout.isKeyless ? 't.plinth_k1' : columnOf('t', nameIn(now)(layout.key[0]!))} is null`;
  const differs = layout.columns.map((column) => {
    const is = retyped.includes(column.number) ? undefined : currentOf(now, column);
    if (layout.isFull) {
      return 'true';
    }
    return is ? `not (${isUnchanged('t', is, column, `k.${column.kept}`)})` : 'false';
  });
  const values = [
    `(${isGone}) as gone`,
    ROW_HEAD,
    ...keyNames(layout).map((name) => `k.${name}`),
    ...layout.columns.flatMap((column, index) => {
      const is = currentOf(now, column);
      return [
        // A column that is not there now is kept by itself.
        `case when ${isGone} or ${differs[index]} then k.${column.kept} end as ${column.kept}`,
        is
          ? `case when not (${isGone}) and ${differs[index]} then ${storedValue('t', is)} end as ${column.fresh}`
          : `${noValue(column)} as ${column.fresh}`,
      ];
    }),
  ];
  return `create table ${keptTable(keptTableName(id))} as select ${values.join(', ')}
    from ${copyName(id)} as k left join ${thereNow(layout, now)} on ${onKey(now, layout, nameIn(now))}
   where ${[isGone, ...differs].join(' or ')}`;
}

/** Without a key: rows that are no longer there, each beside one that is new, as far as there are any. */
function pairs({ id, layout }: Copy, now: TableFacts): string {
  const values = [
    '(n.plinth_k1 is null) as gone',
    ROW_HEAD,
    'coalesce(n.plinth_k1, o.k1) as k1',
    'coalesce(n.plinth_kn, o.kn) as kn',
    ...layout.columns.flatMap((column) => {
      const is = currentOf(now, column);
      return [
        `o.${column.kept}`,
        is ? `${storedValue('n', is)} as ${column.fresh}` : `${noValue(column)} as ${column.fresh}`,
      ];
    }),
  ];
  return `create table ${keptTable(keptTableName(id))} as
    with now as (select t.* from ${thereNow(layout, now)}),
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
