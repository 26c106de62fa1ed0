/** The SQL that keeps of a copied table what a statement has changed or taken away. */
import {
  columnOf,
  digestOf,
  isUnchanged,
  keptTable,
  keptTableName,
  keyedTable,
  type Layout,
  nameOf,
  onKey,
  ROW_HEAD,
  storedValue,
} from './layout.js';
import type { ColumnFact, TableFacts } from './table-facts.js';

/** A copy of a table, or of some of its columns. */
export interface Copy {
  readonly id: number;
  readonly statement: number;
  readonly table: TableFacts;
  readonly layout: Layout;
  /** The columns of the key, as they were named then. */
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

/** Makes the kept table. @param now the table after the statement, if it is there */
export function keptRowsSql(copy: Copy, now: TableFacts | undefined): string {
  if (now === undefined) {
    return allGone(copy);
  }
  if (copy.isByPlace) {
    return inPlace(copy, now);
  }
  return copy.layout.isKeyless && copy.isWhole ? pairs(copy, now) : differing(copy, now);
}

/** The table that the copy is in. */
export function copyName(id: number): string {
  return keptTable(`${keptTableName(id)}_copy`);
}

export function keyNames(layout: Pick<Layout, 'key' | 'isKeyless'>): string[] {
  return layout.isKeyless ? ['k1', 'kn'] : layout.key.map(({ kept }) => kept);
}

/** A null as such a value is stored. */
function noValue({ type, isBuiltIn }: Pick<ColumnFact, 'type' | 'isBuiltIn'>): string {
  return `null::${isBuiltIn ? type : 'pg_catalog.text'}`;
}

type Numbered = Pick<ColumnFact, 'number'>;

/** The column as it is after the statement; `undefined` where that has dropped it. */
export function currentOf(now: TableFacts, { number }: Numbered): ColumnFact | undefined {
  return now.columns.find((column) => column.number === number);
}

export function nameIn(now: TableFacts): (column: Numbered & { readonly name: string }) => string {
  return (column) => currentOf(now, column)?.name ?? column.name;
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
    from ${copyName(id)} as k left join ${keyedTable(now, layout, nameIn(now))} on ${onKey(now, layout, nameIn(now))}
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
    with now as (select t.* from ${keyedTable(now, layout, nameIn(now))}),
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
