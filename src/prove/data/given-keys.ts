/** Keys that are fixed before the rows are planned: numbers of sequences, and what rows of the same statement refer to. */
import type { FillGroup } from './fill-order.js';
import { type FillRun, rowCount } from './fill-run.js';
import { takeNumbers } from './known-rows.js';
import type { FillTable } from './rows/fill-table.js';
import type { GivenCells } from './rows-so-far.js';

/** Takes the next numbers of the sequences behind columns. */
export async function giveNumbers(run: FillRun): Promise<void> {
  const numbers = await takeNumbers(run.session, run.fills, (fill) => rowCount(run, fill));
  for (const fill of run.fills) {
    run.rows.give(fill, numbers.get(fill.key) ?? new Map());
  }
}

/** Fixes the keys that tables of a group refer to among themselves. */
export function giveKeys(run: FillRun, group: FillGroup): void {
  for (const fill of group) {
    run.rows.give(fill, new Map([...run.rows.given(fill), ...keysOf(run, group, fill)]));
  }
}

function keysOf(run: FillRun, group: FillGroup, fill: FillTable): GivenCells {
  const given = run.rows.given(fill);
  const cells = new Map<string, readonly string[]>();
  for (const column of referredColumns(run, group, fill)) {
    const values = run.source.valuesOf(fill.columnsByName.get(column)?.type ?? '');
    if (!given.has(column) && values !== undefined) {
      const start = values.size < FEW_VALUES ? run.rows.existing(fill) : (run.seed * 7919) % 900_000;
      const count = rowCount(run, fill);
      cells.set(
        column,
        Array.from({ length: count }, (_, place) => values.nth((start + place) % values.size || place)),
      );
    }
  }
  return cells;
}

/** A type with fewer is used from its first value on. */
const FEW_VALUES = 1000;

/** Columns that others of the group refer to, where nothing else decides what is in them. */
function referredColumns(run: FillRun, group: FillGroup, fill: FillTable): ReadonlySet<string> {
  const own = new Set(fill.foreignKeys.flatMap(({ columns }) => columns));
  const bound = new Set(fill.conditions.flatMap(({ columns }) => columns));
  const referred = group
    .flatMap(({ foreignKeys }) => foreignKeys)
    .filter((key) => run.rows.rootKey(key) === fill.key)
    .flatMap(({ references }) => references.columns);
  return new Set(referred.filter((column) => !own.has(column) && !bound.has(column)));
}
