/**
 * Rows that a rollback could not put back because others have their keys that were written since the apply: both
 * cannot be there. They stay in kept data.
 */
import type { SchemaModel } from '../schema/index.js';
import type { CapturedRow, CapturedRows, CapturedTable } from './fingerprint/capture-rows.js';
import type { RowLoss } from './proof.js';

/**
 * Whether every row that is gone has the values of a unique index that another row has now.
 * @param wanted the rows that were meant to come
 * @param found those that are there, by the schema
 */
export function areDisplaced(
  { table, cellsChanged, columnsLost }: RowLoss,
  wanted: CapturedRows,
  found: CapturedRows,
  schema: SchemaModel,
): boolean {
  const [before, now] = [named(wanted, table), named(found, table)];
  if (!before || !now || cellsChanged > 0 || columnsLost.length > 0) {
    return false;
  }
  const taken = uniqueColumns(schema, table).map((columns) => ({
    columns,
    values: new Set(now.rows.map((row) => valuesOf(now, row, columns))),
  }));
  const there = new Set(now.rows.map((row) => JSON.stringify(cellsOf(now, row, before.columns))));
  return before.rows
    .filter((row) => !there.has(JSON.stringify(row)))
    .every((row) =>
      taken.some(({ columns, values }) => {
        const own = valuesOf(before, row, columns);
        return own !== undefined && values.has(own);
      }),
    );
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
