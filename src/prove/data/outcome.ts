import type { FilledTable, Obstacle, RowIdentity, UnfilledTable } from './fill-report.js';
import type { FillTable } from './rows/fill-table.js';

/** What became of a table. */
export type Outcome =
  | { readonly kind: 'filled'; readonly table: FilledTable }
  | { readonly kind: 'unfilled'; readonly table: UnfilledTable };

export function filled(
  { table }: FillTable,
  existing: number,
  inserted: readonly RowIdentity[],
  withoutTriggers: boolean,
): Outcome {
  return {
    kind: 'filled',
    table: {
      schema: table.schema,
      name: table.name,
      existing,
      inserted,
      updated: [],
      deleted: [],
      ...(withoutTriggers && { withoutTriggers }),
    },
  };
}

export function unfilled({ table }: FillTable, obstacle: Obstacle): Outcome {
  return { kind: 'unfilled', table: { schema: table.schema, name: table.name, obstacle } };
}
