/**
 * Rows that code in one statement writes more than once: changes that follow one another become one, from the old
 * values of the first to the new ones of the last.
 *
 * Of each key (or digest, without one) the changes that left it and those that led to it are put in the order of
 * time. One that left it right after one that led to it goes on with that row.
 */
import type { Session } from '../../database/index.js';
import { type KeptColumn, keptTable, type Layout } from './layout.js';

/** How often pairs are joined, before the table is rather copied and compared: each time halves the changes of one key. */
const MOST_ROUNDS = 64;

/**
 * @param kept the name of the kept table, with `began` and `ended`: when the first and the last change of the row were
 * put down
 * @returns false when rows are written so often that this does not come to an end
 */
export async function joinChains(
  session: Session,
  kept: string,
  layout: Layout,
  mostRounds = MOST_ROUNDS,
): Promise<boolean> {
  const table = keptTable(kept);
  const links = keptTable(`${kept}_links`);
  const [times] = await session.query<{ some: boolean }>(
    `select coalesce(min(ended) < max(ended), false) as some from ${table}`,
  );
  for (let round = 0; times!.some; round += 1) {
    const [made] = await session.run(`create table ${links} as ${linksSql(table, layout)}`);
    if (made!.rowCount === 0) {
      await session.run(`drop table ${links}`);
      if (round > 0) {
        await dropUnchanged(session, table, layout.columns);
      }
      return true;
    }
    if (round === mostRounds) {
      return false;
    }
    await session.run(`
      update ${table} as l set ${joined(layout).join(', ')}
        from ${links} as link join ${table} as f on f.ctid = link.first where l.ctid = link.later;
      delete from ${table} as f using ${links} as link where f.ctid = link.first;
      drop table ${links}`);
  }
  return true;
}

/** The places of two changes of one row; no change is in two of the pairs. */
function linksSql(table: string, layout: Layout): string {
  const text = (values: readonly string[]): string =>
    layout.isKeyless
      ? values[0]!
      : `row(${values.map((value) => `${value}::pg_catalog.text`).join(', ')})::pg_catalog.text`;
  return `
    with events as (
      select k.ctid as place, ${text(keyLeft(layout, 'k'))} as key, k.began as at, false as led from ${table} as k
       union all
      select k.ctid, ${text(keyNames(layout).map((name) => `k.${name}`))}, k.ended, true from ${table} as k where not k.gone
    ),
    numbered as (
      select e.*, pg_catalog.dense_rank() over (partition by key order by at, led) as turn,
             pg_catalog.row_number() over (partition by key, at, led order by place) as number
        from events as e
    ),
    all_links as (
      select f.place as first, l.place as later,
             pg_catalog.row_number() over (partition by f.key, f.number order by f.turn) as nth
        from numbered as f
        join numbered as l on l.key = f.key and l.number = f.number and l.turn = f.turn + 1
       where f.led and not l.led
    ),
    -- Every other one, so that long chains of one key are halved.
    links as (select first, later from all_links where nth % 2 = 1)
    select * from links where first not in (select later from links)`;
}

function keyNames({ key, isKeyless }: Layout): string[] {
  return isKeyless ? ['k1'] : key.map(({ kept }) => kept);
}

/** The key that a row had before the change. */
function keyLeft({ key, columns, isKeyless }: Layout, alias: string): string[] {
  if (isKeyless) {
    return [`case when ${alias}.gone then ${alias}.k1 else ${alias}.was end`];
  }
  return key.map(({ kept, number }) => {
    const old = columns.find((column) => column.number === number)?.kept;
    return old
      ? `case when ${alias}.gone then ${alias}.${kept} else coalesce(${alias}.${old}, ${alias}.${kept}) end`
      : `${alias}.${kept}`;
  });
}

/** What becomes of the later change `l` with the earlier one `f`. */
function joined(layout: Layout): string[] {
  const left = keyLeft(layout, 'f');
  return [
    ...keyNames(layout).map(
      (name, index) => `${name} = case when l.gone then ${left[index]} else l.${name} end`,
    ),
    ...(layout.isKeyless ? ['was = f.was'] : []),
    ...layout.columns.flatMap(({ kept, fresh }) => [
      `${kept} = case when ${isChanged('f', kept, fresh!)} then f.${kept} else l.${kept} end`,
      `${fresh} = case when l.gone or ${isChanged('l', kept, fresh!)} then l.${fresh} else f.${fresh} end`,
    ]),
    'began = f.began',
  ];
}

function isChanged(alias: string, kept: string, fresh: string): string {
  return `(${alias}.${kept} is not null or ${alias}.${fresh} is not null)`;
}

/** What has come back to its old value was not changed. */
async function dropUnchanged(session: Session, table: string, columns: readonly KeptColumn[]): Promise<void> {
  const same = columns.map(
    ({ kept, fresh }) => `pg_catalog.record_image_eq(row(k.${kept}), row(k.${fresh}))`,
  );
  const sets = columns.flatMap(({ kept, fresh }, index) =>
    [kept, fresh!].map((name) => `${name} = case when ${same[index]} then null else k.${name} end`),
  );
  await session.run(`
    update ${table} as k set ${sets.join(', ')} where not k.gone and (${same.join(' or ')});
    delete from ${table} as k
     where not k.gone and ${columns.flatMap(({ kept, fresh }) => [`k.${kept} is null`, `k.${fresh} is null`]).join(' and ')}`);
}
