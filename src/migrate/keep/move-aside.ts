/**
 * Values of a unique index that rows have of each other, as when a script has numbered them anew: no order of single
 * updates puts them back, and one update of all of them fails, too, as the index is checked row by row. So the rows
 * first get values that nobody has, and then their own. Foreign keys to them are checked when all is done.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { withLateKeys } from './late-keys.js';
import { columnOf, nameOf, only } from './layout.js';
import type { Moves } from './steps.js';
import type { TableFacts } from './table-facts.js';

/** True for kept rows `k` whose rows were not moved. */
export const NOT_MOVED = 'k.plinth_at is null';

/**
 * Puts back the rows that are given unique values, where free values can be found for the time between.
 * @param kept the quoted name of the kept table, which gets the columns that `dropMoved` takes off
 */
export async function moveAside(
  session: Session,
  target: TableFacts,
  kept: string,
  moves: Moves,
): Promise<void> {
  await session.run(
    `alter table ${kept} add column plinth_at pg_catalog.tid, add column plinth_in pg_catalog.oid`,
  );
  const moved = await movedColumns(session, target, moves);
  if (moved.length === 0) {
    return;
  }
  const table = `${only(target)}${nameOf(target)}`;
  const free: string[] = [];
  for (const column of moved) {
    free.push(await freeValue(session, table, kept, column));
  }
  const sets = moved.map(
    ({ name, returns }, index) =>
      `${quoteIdentifier(name)} = case when ${returns} then ${free[index]} else ${columnOf('t', name)} end`,
  );
  const { join = '', where, set, marks = false } = moves;
  const places = join === '' ? '' : ', t.plinth_ctid, t.plinth_table';
  await withLateChecks(session, target, moved, async () => {
    await session.run(`
      with moved as (
        update ${table} as t set ${sets.join(', ')}
          from (select k.*, k.ctid as plinth_row, pg_catalog.row_number() over () as plinth_number${places}
                  from ${kept} as k ${join}) as k
         where ${where}
        returning k.plinth_row, t.ctid as plinth_at, t.tableoid as plinth_in
      )
      update ${kept} as k set plinth_at = moved.plinth_at, plinth_in = moved.plinth_in${marks ? ', placed = true' : ''}
        from moved where k.ctid = moved.plinth_row;
      update ${table} as t set ${set}
        from ${kept} as k where t.ctid = k.plinth_at and t.tableoid = k.plinth_in`);
  });
}

export async function dropMoved(session: Session, kept: string): Promise<void> {
  await session.run(`alter table ${kept} drop column plinth_at, drop column plinth_in`);
}

/** One column of each unique index that is set, and of which free values can be told. */
async function movedColumns(
  session: Session,
  { oid }: TableFacts,
  { columns }: Moves,
): Promise<Moves['columns']> {
  const indexes = await session.query<{ columns: string[] }>(
    `select array(
              select a.attname::text
                from pg_catalog.pg_attribute as a
               where a.attrelid = i.indrelid and a.attnum = any (i.indkey::pg_catalog.int2[])) as columns
       from pg_catalog.pg_index as i
      where i.indrelid = $1 and i.indisunique`,
    [oid],
  );
  const moved: Moves['columns'][number][] = [];
  for (const index of indexes) {
    const set = columns.filter(({ name }) => index.columns.includes(name));
    const known = set.find(({ type }) => FREE.some(([types]) => types.test(type)));
    if (known && !set.some((column) => moved.includes(column))) {
      moved.push(known);
    }
  }
  return moved;
}

/** How a value that nobody has is made, from the greatest one `max` and the number of the row. */
const FREE: readonly (readonly [RegExp, (max: string) => string])[] = [
  [/^(smallint|integer|bigint|numeric(\(.*\))?|real|double precision)$/, (max) => `${max} + k.plinth_number`],
  [/^date$/, (max) => `${max} + k.plinth_number::pg_catalog.int4`],
  [/^timestamp/, (max) => `${max} + k.plinth_number * interval '1 second'`],
  [/^(text|character)/, () => "('~' || k.plinth_number)"],
  [/^uuid$/, () => "pg_catalog.md5('plinth ' || k.plinth_number)::pg_catalog.uuid"],
];

async function freeValue(
  session: Session,
  table: string,
  kept: string,
  { name, type, old }: Moves['columns'][number],
): Promise<string> {
  const make = FREE.find(([types]) => types.test(type))![1];
  if (/^(text|character|uuid)/.test(type)) {
    return `${make('')}::${type}`;
  }
  const [row] = await session.query<{ max: string }>(
    `select greatest((select max(${columnOf('t', name)}) from ${table} as t), (select max(${old}) from ${kept} as k))::text as max`,
  );
  return `(${make(`'${row!.max}'::${type}`)})::${type}`;
}

/** Calls `work` with foreign keys to the columns checked at its end. */
function withLateChecks(
  session: Session,
  { oid }: TableFacts,
  moved: Moves['columns'],
  work: () => Promise<void>,
): Promise<void> {
  const where = `c.confrelid = $1 and exists (
      select from pg_catalog.pg_attribute as a
       where a.attrelid = c.confrelid and a.attnum = any (c.confkey) and a.attname = any ($2::text[]))`;
  return withLateKeys(session, where, [oid, moved.map(({ name }) => name)], work);
}
