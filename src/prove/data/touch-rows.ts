import { runBatch } from './batch.js';
import type { FillOptions } from './fill-options.js';
import type { FilledTable } from './fill-report.js';
import type { FillRun } from './fill-run.js';
import type { FillTable } from './rows/fill-table.js';
import type { PlannedTable } from './rows/plan-rows.js';
import type { Row } from './rows/row.js';
import { type Referrer, type Touch, touchesOf } from './touches.js';
import { identitiesOf } from './write-rows.js';

/**
 * Changes and deletes rows that were there before, and records it.
 * @param most how many of a table's rows
 * @param existing the rows that were there
 * @param planned rows whose values the changed ones take
 */
export async function touchRows(
  run: FillRun,
  most: NonNullable<FillOptions['touchRows']>,
  existing: ReadonlyMap<FillTable, readonly Row[]>,
  planned: readonly PlannedTable[],
): Promise<void> {
  const touches = planned.flatMap(({ fill, rows }) => {
    const known = existing.get(fill) ?? [];
    const count = most(fill.table, known.length);
    return count === 0 ? [] : touchesOf(fill, known, known.slice(-count), rows, referrersOf(run, fill));
  });
  const answers = await runBatch(
    run.session,
    touches.map(({ sql }) => sql),
  );
  for (const [index, touch] of touches.entries()) {
    const answer = answers[index]!;
    const outcome = run.outcomes.get(touch.fill.key);
    if (answer.kind === 'done' && outcome?.kind === 'filled') {
      const table = withTouch(outcome.table, touch, answer.value);
      run.outcomes.set(touch.fill.key, { kind: 'filled', table });
    }
  }
}

/** @param answer the identities of the rows that were touched, as JSON */
function withTouch(table: FilledTable, { kind, fill, columns }: Touch, answer = '[]'): FilledTable {
  const rows = identitiesOf(fill, JSON.parse(answer) as (string | null)[][]);
  return kind === 'delete'
    ? { ...table, deleted: [...table.deleted, ...rows] }
    : { ...table, updated: [...table.updated, ...rows.map((row) => ({ row, columns }))] };
}

function referrersOf({ model, rows }: FillRun, { key }: FillTable): readonly Referrer[] {
  return model.tables.flatMap((table) =>
    table.constraints.flatMap((constraint) =>
      constraint.kind === 'foreign key' && rows.rootKey(constraint) === key
        ? [{ table, key: constraint }]
        : [],
    ),
  );
}
