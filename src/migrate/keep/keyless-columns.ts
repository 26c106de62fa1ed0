/**
 * Puts dropped columns back into a table without a key. Rows are known by what is left of them, and among equals by
 * where they lie, which is not sure: what holds its value already, as the script itself may have seen to, is left alone,
 * and only the rest goes by the order.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { KeptItem } from './items.js';
import { columnOf, type KeptColumn, keptTable, keyedTable, nameOf, onKey, only } from './layout.js';
import { SAME_PLACE, type Steps, type Wins } from './steps.js';
import type { TableFacts } from './table-facts.js';
import { assignments, differences, movedColumn, nameNow } from './target.js';

/** @param written the columns that are set */
export async function keylessColumnSteps(
  session: Session,
  { layout, keptTable: kept }: KeptItem,
  target: TableFacts,
  written: readonly KeptColumn[],
  wins: Wins,
): Promise<Steps> {
  const now = nameNow(target);
  const source = keptTable(kept!);
  const from = keyedTable(target, layout, now);
  const on = onKey(target, layout, now);
  await pairValues(session, source, from, written, now);
  const set = assignments(target, written);
  const isLeft = 'k.placed is not true';
  const returns = (column: KeptColumn): string => `(${isLeft} and (${differences(target, [column], 't')}))`;
  return {
    commands: (some) =>
      wins === 'nothing'
        ? []
        : [
            `with done as (
               update ${only(target)}${nameOf(target)} as u set ${set} from ${from} join ${source} as k on ${on}
                where ${some} and ${isLeft} and u.ctid = t.plinth_ctid and u.tableoid = t.plinth_table
               returning k.ctid as at)
             update ${source} as k set placed = true from done where done.at = k.ctid`,
          ],
    isUnplaced: isLeft,
    reason: 'the row is not there',
    isWhole: true,
    ...(wins === 'nothing'
      ? {}
      : {
          moves: {
            join: `join ${from} on ${on}`,
            marks: true,
            where: `${SAME_PLACE} and ${isLeft}`,
            set,
            columns: written.map((column) => movedColumn(target, column, returns(column))),
          },
        }),
  };
}

/** Numbers the kept rows like the rows of the table that hold their values, and the rest in between as they were. */
async function pairValues(
  session: Session,
  source: string,
  from: string,
  written: readonly KeptColumn[],
  now: (column: KeptColumn) => string,
): Promise<void> {
  const textsOf = (values: readonly string[]): string =>
    `row(${values.map((value) => `${value}::pg_catalog.text`).join(', ')})::pg_catalog.text`;
  const there = textsOf(written.map((column) => columnOf('t', now(column))));
  const were = textsOf(written.map(({ kept }) => `k.${quoteIdentifier(kept)}`));
  const nth = 'pg_catalog.row_number() over (partition by k1, held order by kn)';
  await session.run(`
    alter table ${source} add column if not exists placed pg_catalog.bool;
    with there as (
      select a.*, ${nth} as nth from (select t.plinth_k1 as k1, t.plinth_kn as kn, ${there} as held from ${from}) as a
    ),
    were as (
      select a.*, ${nth} as nth from (select k.ctid as at, k.k1, k.kn, ${were} as held from ${source} as k) as a
    ),
    paired as (
      select were.at, there.kn as place, were.k1, were.kn, there.kn is not null as is_paired
        from were left join there on there.k1 = were.k1 and there.held = were.held and there.nth = were.nth
    ),
    free as (
      select k1, kn, pg_catalog.row_number() over (partition by k1 order by kn) as nth
        from there where (k1, kn) not in (select k1, place from paired where is_paired)
    ),
    rest as (
      select at, k1, pg_catalog.row_number() over (partition by k1 order by kn) as nth from paired where not is_paired
    ),
    numbered as (
      select at, place as kn, true as placed from paired where is_paired
       union all
      select rest.at, free.kn, false from rest left join free on free.k1 = rest.k1 and free.nth = rest.nth
    )
    update ${source} as k set kn = numbered.kn, placed = numbered.placed from numbered where numbered.at = k.ctid`);
}
