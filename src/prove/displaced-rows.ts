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
  const taken = uniqueKeys(schema, table).map((key) => ({
    key,
    values: new Set(now.rows.map((row) => valuesOf(now, row, key))),
    // A row that the up has changed has its own values, and is displaced by none.
    own: new Set(cellsChanged > 0 ? left?.rows.map((row) => valuesOf(left, row, key)) : []),
  }));
  const there = new Set(now.rows.map((row) => JSON.stringify(cellsOf(now, row, before.columns))));
  const gone = before.rows.filter((row) => !there.has(JSON.stringify(row)));
  const areAll = gone.every((row) =>
    taken.some(({ key, values, own }) => {
      const value = valuesOf(before, row, key);
      return value !== undefined && values.has(value) && !own.has(value);
    }),
  );
  return areAll ? gone.length : undefined;
}

interface UniqueKey {
  readonly columns: readonly string[];
  /** Two nulls are a duplicate. */
  readonly isNullsEqual: boolean;
}

function uniqueKeys({ tables }: SchemaModel, wanted: string): readonly UniqueKey[] {
  const table = tables.find(({ schema, name }) => `${schema}.${name}` === wanted);
  return (table?.indexes ?? [])
    .filter(({ unique, predicate, keys }) => unique && !predicate && keys.every(({ column }) => column))
    .map(({ keys, nullsNotDistinct }) => ({
      columns: keys.map(({ column }) => column!),
      isNullsEqual: nullsNotDistinct === true,
    }));
}

/** As one text; `undefined` where a null keeps the values from being equal to any. */
function valuesOf(
  table: CapturedTable,
  row: CapturedRow,
  { columns, isNullsEqual }: UniqueKey,
): string | undefined {
  const values = cellsOf(table, row, columns);
  return values.includes(null) && !isNullsEqual ? undefined : JSON.stringify(values);
}

function cellsOf({ columns }: CapturedTable, row: CapturedRow, wanted: readonly string[]): CapturedRow {
  return wanted.map((column) => row[columns.indexOf(column)] ?? null);
}

function named({ tables }: CapturedRows, wanted: string): CapturedTable | undefined {
  return tables.find(({ schema, name }) => `${schema}.${name}` === wanted);
}
