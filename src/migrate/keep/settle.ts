/**
 * What several statements of one script have kept of one row, made into what it was before the first of them: the value
 * that an earlier statement had kept takes the place of what a later one did. What lay between was never seen by
 * anybody, and may not even fit the types that the table has when it is put back.
 *
 * Rows are told by their key; without one, those that are removed in the end are known whole. Where the script changes
 * keys, what was kept last is put back first instead.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { attempt } from './attempt.js';
import { setLayout } from './items.js';
import { countItem, type KeepScope, type KeptNow } from './keep-scope.js';
import { type KeptColumn, keptTable, keptTableName, nameOf } from './layout.js';
import { canTellSame, sameRows } from './same-rows.js';
import { isOfSameTable } from './same-table.js';

/** Called at the end of the script, before names are noted. */
export async function settle(session: Session, scope: KeepScope): Promise<void> {
  const items = scope.kept.filter(({ kind }) => ['rows', 'column', 'table'].includes(kind));
  const changes = items.filter(
    ({ kind, layout }) => kind === 'rows' && layout.columns.some(({ fresh }) => fresh),
  );
  const keyed = items.filter(({ layout }) => !layout.isKeyless);
  const shared = changes.length > 0 ? await sharedRows(session, keyed) : new Set<string>();
  const changingKeys = shared.size > 0 ? await keyChanges(session, keyed) : new Set<number>();
  const unsettled = new Set<number>();
  for (const older of changes.toReversed()) {
    const newer = scope.kept.filter(
      (each) => each.id > older.id && items.some(({ id }) => id === each.id) && isOfSameTable(each, older),
    );
    if (older.layout.isKeyless) {
      // What lies between two that cannot be told is not known.
      if (unsettled.has(older.oid) || !(await areRemoved(session, older, newer))) {
        unsettled.add(older.oid);
        continue;
      }
    } else if ([older, ...newer].some(({ id }) => changingKeys.has(id))) {
      continue;
    }
    const settled = newer.filter(
      (each) =>
        (older.layout.isKeyless || shared.has(pairName(older, each))) && pairsOf(older, each).length > 0,
    );
    for (const each of settled) {
      await handOver(session, scope, older, each);
    }
    if (settled.length > 0) {
      await dropSettled(session, scope, older);
    }
  }
}

/** Which of the items keep something of one row: pairs of the older and the newer. */
async function sharedRows(session: Session, items: readonly KeptNow[]): Promise<ReadonlySet<string>> {
  const shared = new Set<string>();
  const rest = [...items];
  for (let first = rest.shift(); first !== undefined; first = rest.shift()) {
    const alike = [first, ...rest.filter((each) => hasSameKey(first!, each) && isOfSameTable(first!, each))];
    if (alike.length === 1) {
      continue;
    }
    // A partition and its table are of one table with each other, and not with each other's others.
    if (alike.every((each) => nameOf(each) === nameOf(first!))) {
      rest.splice(0, rest.length, ...rest.filter((each) => !alike.includes(each)));
    }
    const keys = alike.map(({ id, kind, layout }) => {
      const values = layout.key.map(({ kept }) => `k.${quoteIdentifier(kept)}::pg_catalog.text`);
      const isKept = kind === 'rows' ? 'not k.gone' : 'false';
      return `select ${id}::pg_catalog.int8 as id, row(${values.join(', ')})::pg_catalog.text as key, ${isKept} as stays
                from ${keptTable(keptTableName(id))} as k`;
    });
    const pairs = await session.query<{ pair: string }>(`
      with keys as (${keys.join(' union all ')})
      select older.id || ' ' || newer.id as pair
        from keys as older join keys as newer on newer.key = older.key and newer.id > older.id
       where older.stays group by older.id, newer.id`);
    for (const { pair } of pairs) {
      shared.add(pair);
    }
  }
  return shared;
}

function pairName(older: KeptNow, newer: KeptNow): string {
  return `${older.id} ${newer.id}`;
}

/** Whether all that was kept later of a table without a key are removed rows, which can be told. */
async function areRemoved(session: Session, older: KeptNow, newer: readonly KeptNow[]): Promise<boolean> {
  for (const each of newer) {
    const table = keptTable(keptTableName(each.id));
    const [found] = canTellSame(older, each)
      ? await session.query<{ any: boolean }>(
          `select exists (select from ${table} as k where not k.gone) as any`,
        )
      : [{ any: true }];
    if (found!.any) {
      return false;
    }
  }
  return true;
}

interface Pair {
  readonly from: KeptColumn;
  readonly to: KeptColumn;
}

function pairsOf(older: KeptNow, newer: KeptNow): readonly Pair[] {
  return older.layout.columns.flatMap((from) => {
    const to = newer.layout.columns.find((column) =>
      older.oid === newer.oid ? column.number === from.number : column.name === from.name,
    );
    return to ? [{ from, to }] : [];
  });
}

/** A dropped table was moved: values of types that could be dropped are no texts in it. */
function isOfSameType({ from, to }: Pair, { kind }: KeptNow): boolean {
  return from.type === to.type && from.isBuiltIn === to.isBuiltIn && (from.isBuiltIn || kind !== 'table');
}

function hasSameKey(older: KeptNow, newer: KeptNow): boolean {
  const names = (item: KeptNow): string => JSON.stringify(item.layout.key.map(({ name }) => name));
  return names(older) === names(newer);
}

/** The items that hold a row whose key was changed. */
async function keyChanges(session: Session, items: readonly KeptNow[]): Promise<ReadonlySet<number>> {
  const tests = items.flatMap(({ id, kind, layout }) => {
    const changed = layout.columns
      .filter(({ number, fresh }) => fresh && layout.key.some((key) => key.number === number))
      .map(({ kept, fresh }) => `k.${quoteIdentifier(kept)} is not null and k.${fresh} is not null`);
    return kind === 'rows' && changed.length > 0
      ? `select ${id}::float8 as id where exists (
           select from ${keptTable(keptTableName(id))} as k where not k.gone and (${changed.join(' or ')}))`
      : [];
  });
  const rows = tests.length === 0 ? [] : await session.query<{ id: number }>(tests.join(' union all '));
  return new Set(rows.map(({ id }) => id));
}

/** The values of `older` go to the rows of `newer`, where both have changed them. */
async function handOver(session: Session, scope: KeepScope, older: KeptNow, newer: KeptNow): Promise<void> {
  const [from, to] = [keptTable(keptTableName(older.id)), keptTable(keptTableName(newer.id))];
  const settled = keptTable(`settled${older.id}`);
  const pairs: Pair[] = [];
  for (const pair of pairsOf(older, newer)) {
    const { from: was, to: is } = pair;
    if (isOfSameType(pair, newer)) {
      pairs.push(pair);
    } else if (await becomesText(session, to, is.kept)) {
      relabel(scope, newer.id, is, { type: was.type, isBuiltIn: false, hasCollation: was.hasCollation });
      pairs.push(pair);
    }
  }
  if (pairs.length === 0) {
    return;
  }
  const sets = pairs.map(({ from: was, to: is }, index) => {
    const column = quoteIdentifier(is.kept);
    const isSame = isOfSameType({ from: was, to: is }, newer);
    const value = isSame ? `y.${was.kept}` : `y.${was.kept}::pg_catalog.text`;
    return `${column} = case when s.b${index} then ${value} else x.${column} end`;
  });
  // Which rows those are is to be known until both tables are changed.
  await session.run(`
    create table ${settled} as ${older.layout.isKeyless ? pairedRows(older, newer, pairs) : keyedRows(older, newer, pairs)};
    update ${to} as x set ${sets.join(', ')} from ${from} as y, ${settled} as s where s.x = x.ctid and s.y = y.ctid`);
  const isWhole = pairs.length === older.layout.columns.length;
  if (older.layout.isKeyless) {
    await session.run(`delete from ${from} as y using ${settled} as s where s.y = y.ctid`);
  } else if (older.layout.isFull !== undefined && isWhole) {
    const all = pairs.map((_, index) => `s.b${index}`).join(' and ');
    await session.run(`delete from ${from} as y using ${settled} as s where s.y = y.ctid and ${all}`);
  }
  // Of a column that is gone when the values are put back, a full item would put back the nulls.
  if (older.layout.isFull === undefined || newer.kind === 'rows') {
    const clear = pairs.flatMap(({ from: { kept, fresh } }, index) =>
      [kept, fresh!].map((column) => `${column} = case when s.b${index} then null else y.${column} end`),
    );
    await session.run(`update ${from} as y set ${clear.join(', ')} from ${settled} as s where s.y = y.ctid`);
  }
  await session.run(`drop table ${settled}`);
  const layout = scope.kept.find(({ id }) => id === newer.id)!.layout;
  await setLayout(session, newer.id, layout);
}

/**
 * Makes texts of a kept column. A moved table loses its indexes on it.
 * @returns false where something else hangs on the column
 */
async function becomesText(session: Session, table: string, column: string): Promise<boolean> {
  const indexes = await session.query<{ name: string }>(
    `select i.indexrelid::pg_catalog.regclass::text as name
       from pg_catalog.pg_index as i
       join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = any (i.indkey::pg_catalog.int2[])
      where i.indrelid = $1::pg_catalog.regclass and a.attname = $2`,
    [table, column],
  );
  const name = quoteIdentifier(column);
  const done = await attempt(session, () =>
    session.run(
      [
        ...indexes.map((index) => `drop index ${index.name}`),
        `alter table ${table} alter column ${name} type pg_catalog.text collate pg_catalog."default" using ${name}::pg_catalog.text`,
      ].join(';\n'),
    ),
  );
  return !('failure' in done);
}

/** The rows `y` and `x` that are one by their key, and which of the pairs both have changed. */
function keyedRows(older: KeptNow, newer: KeptNow, pairs: readonly Pair[]): string {
  const on = older.layout.key.map(
    (key, index) =>
      `y.${key.kept}::pg_catalog.text = x.${quoteIdentifier(newer.layout.key[index]!.kept)}::pg_catalog.text`,
  );
  const both = pairs.map((pair) => `(${changed('y', older, pair.from)} and ${changed('x', newer, pair.to)})`);
  return `
    select y.ctid as y, x.ctid as x, ${both.map((value, index) => `${value} as b${index}`).join(', ')}
      from ${keptTable(keptTableName(older.id))} as y join ${keptTable(keptTableName(newer.id))} as x on ${on.join(' and ')}
     where not y.gone and (${both.join(' or ')})`;
}

/** Those without a key: a removed row gets back whatever was changed. */
function pairedRows(older: KeptNow, newer: KeptNow, pairs: readonly Pair[]): string {
  const changes = pairs.map(({ from }, index) => `${changed('o', older, from)} as b${index}`);
  return `
    select same.*, ${changes.join(', ')}
      from (${sameRows(older, newer)}) as same
      join ${keptTable(keptTableName(older.id))} as o on o.ctid = same.y`;
}

/** True in SQL when the item has a value of the column from before. */
function changed(alias: string, { kind, layout }: KeptNow, { kept, fresh }: KeptColumn): string {
  if (kind !== 'rows' || layout.isFull !== undefined) {
    return 'true';
  }
  const written = [kept, ...(fresh ? [fresh] : [])].map((column) => `${alias}.${column} is not null`);
  return `(${alias}.gone or ${written.join(' or ')})`;
}

function relabel(scope: KeepScope, id: number, { number }: KeptColumn, as: Partial<KeptColumn>): void {
  const index = scope.kept.findIndex((kept) => kept.id === id);
  const kept = scope.kept[index]!;
  const columns = kept.layout.columns.map((each) => (each.number === number ? { ...each, ...as } : each));
  scope.kept[index] = { ...kept, layout: { ...kept.layout, columns } };
}

/** Rows of which nothing is left to put back go. */
async function dropSettled(session: Session, scope: KeepScope, item: KeptNow): Promise<void> {
  const { id, layout } = item;
  const values = layout.columns.flatMap(({ kept, fresh }) => [kept, ...(fresh ? [fresh] : [])]);
  if (layout.isFull === undefined && values.length > 0) {
    await session.run(
      `delete from ${keptTable(keptTableName(id))} as k where not k.gone and ${values.map((column) => `k.${column} is null`).join(' and ')}`,
    );
  }
  await countItem(session, scope, item.id);
}
