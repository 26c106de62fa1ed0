/**
 * What several statements of one script have kept of one row, made into what it was before the first of them: the value
 * that an earlier statement had kept takes the place of what a later one did. What lay between was never seen by
 * anybody, and may not even fit the types that the table has when it is put back.
 *
 * Rows are told by their key. Where the script changes keys, or there is none, what was kept last is put back first
 * instead.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { removeItem, setKeptTable } from './items.js';
import { forgetItem, type KeepScope, type KeptNow } from './keep-scope.js';
import { type KeptColumn, keptTable, keptTableName } from './layout.js';
import { isOfSameTable } from './same-table.js';

/** Called at the end of the script, before names are noted. */
export async function settle(session: Session, scope: KeepScope): Promise<void> {
  const items = scope.kept.filter(
    ({ kind, layout }) => ['rows', 'column', 'table'].includes(kind) && !layout.isKeyless,
  );
  const changes = items.filter(
    ({ kind, layout }) => kind === 'rows' && layout.columns.some(({ fresh }) => fresh),
  );
  for (const older of changes.toReversed()) {
    const newer = scope.kept.filter(
      (each) => each.id > older.id && items.some(({ id }) => id === each.id) && isOfSameTable(each, older),
    );
    const shared = newer.filter((each) => hasSameKey(older, each) && pairsOf(older, each).length > 0);
    if (shared.length > 0 && !(await changesKeys(session, [older, ...newer]))) {
      for (const each of shared) {
        await handOver(session, scope, older, each);
      }
      await dropEmpty(session, scope, older);
    }
  }
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
    // A moved table stays as it is, with its indexes.
    return to && (newer.kind !== 'table' || to.type === from.type) ? [{ from, to }] : [];
  });
}

function isOfSameType({ from, to }: Pair): boolean {
  return from.type === to.type && from.isBuiltIn === to.isBuiltIn;
}

function hasSameKey(older: KeptNow, newer: KeptNow): boolean {
  const names = (item: KeptNow): string => JSON.stringify(item.layout.key.map(({ name }) => name));
  return names(older) === names(newer);
}

async function changesKeys(session: Session, items: readonly KeptNow[]): Promise<boolean> {
  for (const { id, kind, layout } of items) {
    const keys = layout.columns.filter(
      ({ number, fresh }) => fresh && layout.key.some((key) => key.number === number),
    );
    const changed = keys.map(
      ({ kept, fresh }) => `k.${quoteIdentifier(kept)} is not null and k.${fresh} is not null`,
    );
    if (kind === 'rows' && changed.length > 0) {
      const [found] = await session.query<{ any: boolean }>(
        `select exists (select from ${keptTable(keptTableName(id))} as k where not k.gone and (${changed.join(' or ')})) as any`,
      );
      if (found!.any) {
        return true;
      }
    }
  }
  return false;
}

/** The values of `older` go to the rows of `newer`, where both have changed them. */
async function handOver(session: Session, scope: KeepScope, older: KeptNow, newer: KeptNow): Promise<void> {
  const [from, to] = [keptTable(keptTableName(older.id)), keptTable(keptTableName(newer.id))];
  const settled = keptTable(`settled${older.id}`);
  const on = older.layout.key
    .map(
      (key, index) =>
        `y.${key.kept}::pg_catalog.text = x.${quoteIdentifier(newer.layout.key[index]!.kept)}::pg_catalog.text`,
    )
    .join(' and ');
  const pairs = pairsOf(older, newer);
  const both = (pair: Pair): string =>
    `${changed('y', older, pair.from)} and ${changed('x', newer, pair.to)}`;
  for (const { from: was, to: is } of pairs.filter((pair) => !isOfSameType(pair))) {
    const column = quoteIdentifier(is.kept);
    await session.run(
      `alter table ${to} alter column ${column} type pg_catalog.text collate pg_catalog."default" using ${column}::pg_catalog.text`,
    );
    relabel(scope, newer.id, is, { ...is, type: was.type, isBuiltIn: false, hasCollation: was.hasCollation });
  }
  const value = (pair: Pair): string => `y.${pair.from.kept}${isOfSameType(pair) ? '' : '::pg_catalog.text'}`;
  const sets = pairs.map(
    (pair) =>
      `${quoteIdentifier(pair.to.kept)} = case when ${both(pair)} then ${value(pair)} else x.${quoteIdentifier(pair.to.kept)} end`,
  );
  const any = pairs.map((pair) => `(${both(pair)})`).join(' or ');
  // Which rows those are is to be known until both tables are changed.
  await session.run(`
    create table ${settled} as
      select y.ctid as y, x.ctid as x, ${pairs.map((pair, index) => `(${both(pair)}) as b${index}`).join(', ')}
        from ${from} as y join ${to} as x on ${on} where not y.gone and (${any});
    update ${to} as x set ${sets.join(', ')} from ${from} as y, ${settled} as s where s.x = x.ctid and s.y = y.ctid`);
  const isWhole = pairs.length === older.layout.columns.length;
  if (older.layout.isFull !== undefined && isWhole) {
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
  await session.query('update plinth.kept set layout = $2 where id = $1', [newer.id, JSON.stringify(layout)]);
}

/** True in SQL when the item has a value of the column from before. */
function changed(alias: string, { kind, layout }: KeptNow, { kept, fresh }: KeptColumn): string {
  if (kind !== 'rows' || layout.isFull !== undefined) {
    return 'true';
  }
  const written = [kept, ...(fresh ? [fresh] : [])].map((column) => `${alias}.${column} is not null`);
  return `(${alias}.gone or ${written.join(' or ')})`;
}

function relabel(scope: KeepScope, id: number, column: KeptColumn, as: KeptColumn): void {
  const index = scope.kept.findIndex((kept) => kept.id === id);
  const kept = scope.kept[index]!;
  const columns = kept.layout.columns.map((each) => (each.number === column.number ? as : each));
  scope.kept[index] = { ...kept, layout: { ...kept.layout, columns } };
}

async function dropEmpty(session: Session, scope: KeepScope, { id, layout }: KeptNow): Promise<void> {
  const table = keptTable(keptTableName(id));
  const values = layout.columns.flatMap(({ kept, fresh }) => [kept, ...(fresh ? [fresh] : [])]);
  if (layout.isFull === undefined && values.length > 0) {
    await session.run(
      `delete from ${table} as k where not k.gone and ${values.map((column) => `k.${column} is null`).join(' and ')}`,
    );
  }
  const [count] = await session.query<{ rows: number }>(`select count(*)::float8 as rows from ${table}`);
  if (count!.rows === 0) {
    await session.run(`drop table ${table}`);
    await removeItem(session, id);
    forgetItem(scope, id);
  } else {
    await setKeptTable(session, id, keptTableName(id), count!.rows);
  }
}
