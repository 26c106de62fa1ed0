/**
 * Puts dropped columns back into a table without a key. Rows are known by what is left of them, and among equals by
 * where they lie, which is not sure: what holds its value already, as the script itself may have seen to, is left alone,
 * and only the rest goes by the order.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { KeptItem } from './items.js';
import { columnOf, type KeptColumn, keptTable, keyedTable, nameOf, onKey, only } from './layout.js';
import { pairRows } from './pair-rows.js';
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
  await session.run(`alter table ${source} add column if not exists placed pg_catalog.bool`);
  await pairRows(session, source, from, {
    there: written.map((column) => columnOf('t', now(column))),
    kept: written.map((column) => `k.${quoteIdentifier(column.kept)}`),
    marks: ', placed = numbered.is_paired',
  });
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
