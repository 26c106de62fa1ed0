import { type FillRun, settle } from './fill-run.js';
import { turnedAway } from './obstacle.js';
import { filled } from './outcome.js';
import type { PlannedTable } from './rows/plan-rows.js';
import type { Cell } from './rows/row.js';
import { identitiesOf } from './write-rows.js';

/**
 * Records what the tables of a group took; false where one that was empty has taken no row.
 * @param cells the identities of the rows that were written, by table
 */
export function recordRows(
  run: FillRun,
  group: readonly PlannedTable[],
  cells: readonly (readonly Cell[])[][],
  withoutTriggers: boolean,
): boolean {
  let isEmpty = false;
  for (const [index, { fill }] of group.entries()) {
    const inserted = identitiesOf(fill, cells[index] ?? []);
    if (inserted.length === 0) {
      settle(run, fill, turnedAway(fill));
      isEmpty ||= run.rows.existing(fill) === 0;
    } else {
      run.outcomes.set(fill.key, filled(fill, run.rows.existing(fill), inserted, withoutTriggers));
    }
  }
  return !isEmpty;
}
