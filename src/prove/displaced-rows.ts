/**
 * Rows that a rollback could not put back because others have their keys that were written since the apply: both
 * cannot be there. They stay in kept data.
 */
import type { SchemaModel } from '../schema/index.js';
import type { CapturedRow, CapturedRows, CapturedTable } from './fingerprint/capture-rows.js';
import type { RowLoss } from './proof.js';

export interface RowsAround {
  /** The rows that were meant to come. */
  readonly wanted: CapturedRows;
  /** Those that the up left. */
  readonly after: CapturedRows;
  /** Those that are there after the rollback. */
  readonly found: CapturedRows;
  /** The schema after the rollback. */
  readonly schema: SchemaModel;
}

/**
 * How many rows are gone, where each has the values of a unique index that a row has now which was written since;
 * `undefined` where one of them is gone for another reason.
 */
export function displacedRows(
  { table, cellsChanged, columnsLost }: RowLoss,
  { wanted, after, found, schema }: RowsAround,
): number | undefined {
  const [before, left, now] = [named(wanted, table), named(after, table), named(found, table)];
  if (!before || !now || columnsLost.length > 0) {
    return undefined;
  }
  const taken = uniqueColumns(schema, table).map((columns) => ({
    columns,
    values: new Set(now.rows.map((row) => valuesOf(now, row, columns))),
    // A row that the up has changed has its own values, and is displaced by none.
    own: new Set(cellsChanged > 0 ? left?.rows.map((row) => valuesOf(left, row, columns)) : []),
  }));
  const there = new Set(now.rows.map((row) => JSON.stringify(cellsOf(now, row, before.columns))));
  const gone = before.rows.filter((row) => !there.has(JSON.stringify(row)));
  const areAll = gone.every((row) =>
    taken.some(({ columns, values, own }) => {
      const key = valuesOf(before, row, columns);
      return key !== undefined && values.has(key) && !own.has(key);
    }),
  );
  return areAll ? gone.length : undefined;
}

function uniqueColumns({ tables }: SchemaModel, wanted: string): readonly (readonly string[])[] {
  const table = tables.find(({ schema, name }) => `${schema}.${name}` === wanted);
  return (table?.indexes ?? [])
    .filter(({ unique, predicate, keys }) => unique && !predicate && keys.every(({ column }) => column))
    .map(({ keys }) => keys.map(({ column }) => column!));
}

/** As one text; `undefined` where a null keeps the values from being equal to any. */
function valuesOf(table: CapturedTable, row: CapturedRow, wanted: readonly string[]): string | undefined {
  const values = cellsOf(table, row, wanted);
  return values.includes(null) ? undefined : JSON.stringify(values);
}

function cellsOf({ columns }: CapturedTable, row: CapturedRow, wanted: readonly string[]): CapturedRow {
  return wanted.map((column) => row[columns.indexOf(column)] ?? null);
}

function named({ tables }: CapturedRows, wanted: string): CapturedTable | undefined {
  return tables.find(({ schema, name }) => `${schema}.${name}` === wanted);
}
