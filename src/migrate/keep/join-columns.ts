/**
 * A script that drops a column, and then its rows or the whole table: the rows could not be put in again without the
 * values of the column, which may not be null. So the values go to the rows that were kept later, as one item.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { setLayout } from './items.js';
import { countItem, type KeepScope, type KeptNow } from './keep-scope.js';
import { digestOf, type KeptColumn, keptTable, keptTableName, textOfRow } from './layout.js';

/** Called at the end of the script, before what it has changed is settled. */
export async function joinColumns(session: Session, scope: KeepScope): Promise<void> {
  // What was dropped last is the first to be known again by the columns that are left.
  for (const { id } of scope.kept.filter(({ kind }) => kind === 'column').toReversed()) {
    for (const { id: newer } of scope.kept.filter((each) => each.id > id)) {
      const [dropped, rows] = [itemOf(scope, id), itemOf(scope, newer)];
      if (dropped && rows && dropped.oid === rows.oid) {
        await joinTo(session, scope, dropped, rows);
      }
    }
  }
}

function itemOf({ kept }: KeepScope, id: number): KeptNow | undefined {
  return kept.find((each) => each.id === id);
}

async function joinTo(session: Session, scope: KeepScope, dropped: KeptNow, rows: KeptNow): Promise<void> {
  const keys = { dropped: droppedKey(dropped), rows: rowsKey(dropped, rows) };
  const taken = await columnNames(session, rows);
  const columns = dropped.layout.columns.map((column) => ({
    from: column,
    to: placeFor(column, rows, taken),
  }));
  if (keys.rows === undefined || columns.some(({ to }) => to === undefined)) {
    return;
  }
  const [from, into] = [keptTable(keptTableName(dropped.id)), keptTable(keptTableName(rows.id))];
  const links = keptTable(`k${dropped.id}_links`);
  const numbered = (table: string, key: string, where: string): string =>
    `(select r.ctid as place, ${key} as key, pg_catalog.row_number() over (partition by ${key} order by r.ctid) as number
        from ${table} as r where ${where})`;
  const [found] = await session.run(`
    create table ${links} as
      select d.place as d, r.place as r
        from ${numbered(from, keys.dropped, 'true')} as d
        join ${numbered(into, keys.rows, rows.kind === 'rows' ? 'r.gone' : 'true')} as r
          on r.key = d.key and r.number = d.number`);
  if (found!.rowCount === 0) {
    await session.run(`drop table ${links}`);
    return;
  }
  const placed = columns.map(({ from: column, to }) => ({ column, to: to! }));
  const added = placed.flatMap(({ column, to: { kept, fresh } }) =>
    [kept, ...(fresh ? [fresh] : [])].map(
      (name) => `add column ${quoteIdentifier(name)} ${storedType(column)}`,
    ),
  );
  const sets = placed.map(({ column, to }) => `${quoteIdentifier(to.kept)} = d.${column.kept}`);
  await session.run(`
    alter table ${into} ${added.join(', ')};
    update ${into} as r set ${sets.join(', ')}
      from ${links} as l join ${from} as d on d.ctid = l.d where r.ctid = l.r;
    delete from ${from} as d using ${links} as l where d.ctid = l.d;
    drop table ${links}`);
  const layout = { ...rows.layout, columns: [...rows.layout.columns, ...placed.map(({ to }) => to)] };
  scope.kept[scope.kept.indexOf(rows)] = { ...rows, layout };
  await setLayout(session, rows.id, layout);
  await countItem(session, scope, dropped.id);
}

/** The key of a row `r`, as the item of the column tells it. */
function droppedKey({ layout }: KeptNow): string {
  return layout.isKeyless ? 'r.k1' : textOf(layout.key.map(({ kept }) => kept));
}

/** The same of a row that was kept later; `undefined` where it is not known. */
function rowsKey({ layout: { key, isKeyless } }: KeptNow, { kind, layout }: KeptNow): string | undefined {
  if (kind === 'rows') {
    const isSame =
      layout.isFull === undefined &&
      layout.isKeyless === isKeyless &&
      layout.key.map(({ number }) => number).join() === key.map(({ number }) => number).join();
    return isSame ? (isKeyless ? 'r.k1' : textOf(layout.key.map(({ kept }) => kept))) : undefined;
  }
  const columns = key.map(({ number }) => layout.columns.find((column) => column.number === number));
  if (kind !== 'table' || columns.includes(undefined)) {
    return undefined;
  }
  const names = columns.map((column) => column!.kept);
  return isKeyless ? digestOf('r', names) : textOf(names);
}

function textOf(names: readonly string[]): string {
  return textOfRow(names.map((name) => `r.${quoteIdentifier(name)}`));
}

async function columnNames(session: Session, { id }: KeptNow): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ name: string }>(
    `select attname::text as name from pg_catalog.pg_attribute
      where attrelid = pg_catalog.to_regclass($1) and attnum > 0 and not attisdropped`,
    [keptTable(keptTableName(id))],
  );
  return new Set(rows.map(({ name }) => name));
}

/** Where the values of the column come to lie; `undefined` where another has its name by then. */
function placeFor(
  column: KeptColumn,
  { kind, layout }: KeptNow,
  taken: ReadonlySet<string>,
): KeptColumn | undefined {
  const place =
    kind === 'table'
      ? { ...column, kept: column.name }
      : { ...column, kept: `o_${column.number}`, fresh: `n_${column.number}` };
  const isTaken = taken.has(place.kept) || layout.columns.some(({ name }) => name === column.name);
  return isTaken ? undefined : place;
}

function storedType({ type, isBuiltIn }: KeptColumn): string {
  return isBuiltIn ? type : 'pg_catalog.text';
}
