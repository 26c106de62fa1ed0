/**
 * Rows that were written between apply and rollback and are other after the second apply, because it does to them what
 * the first did to the rest: they are in kept data if the rollback had left them as they were written.
 */
import type { CapturedRow, CapturedRows, CapturedTable } from './fingerprint/capture-rows.js';
import type { RowLoss } from './proof.js';

export interface RowsOfReapply {
  /** The rows after the first apply. */
  readonly after: CapturedRows;
  /** Those before the rollback, with what was written since. */
  readonly written: CapturedRows;
  /** Those after it. */
  readonly back: CapturedRows;
  /** Those after the second apply. */
  readonly reapplied: CapturedRows;
}

/**
 * Whether every row that was written in between, and that the table misses or has other cells of, was there after the
 * rollback with these cells. What the up itself had made of other rows it may make otherwise each time.
 */
export function areDoneAgain(
  { table }: RowLoss,
  { after, written, back, reapplied }: RowsOfReapply,
): boolean {
  const was = named(written, table);
  const is = named(reapplied, table);
  const between =
    was && (back.tables.find(({ oid }) => oid !== undefined && oid === was.oid) ?? named(back, table));
  if (!was || !is || !between) {
    return false;
  }
  const there = new Set(is.rows.map((row) => textOf(cellsOf(is, row, was.columns))));
  const known = new Set(named(after, table)?.rows.map(textOf));
  const missed = was.rows.filter((row) => !there.has(textOf(row)) && !known.has(textOf(row)));
  const now = byKey(is, was.key);
  const afterRollback = byKey(between, was.key);
  return missed.every((row) => {
    const key = was.key === undefined ? undefined : textOf(cellsOf(was, row, was.key));
    const partner = key === undefined ? undefined : now?.get(key);
    const changed = partner
      ? was.columns.filter((column, place) => row[place] !== cell(is, partner, column))
      : was.columns.filter((column) => between.columns.includes(column));
    const same = key === undefined ? undefined : afterRollback?.get(key);
    const candidates = key === undefined || !afterRollback ? between.rows : same ? [same] : [];
    return candidates.some((candidate) => hasCells(was, row, changed, between, candidate));
  });
}

/** Of a column that has another name after the rollback the value stands in one that only that table has. */
function hasCells(
  was: CapturedTable,
  row: CapturedRow,
  columns: readonly string[],
  between: CapturedTable,
  candidate: CapturedRow,
): boolean {
  const others = between.columns.filter((column) => !was.columns.includes(column));
  return columns.every((column) => {
    const value = cell(was, row, column);
    return between.columns.includes(column)
      ? cell(between, candidate, column) === value
      : others.some((other) => cell(between, candidate, other) === value);
  });
}

/** The rows by the values of a key that both tables have. */
function byKey(
  table: CapturedTable,
  key: readonly string[] | undefined,
): ReadonlyMap<string, CapturedRow> | undefined {
  return key?.every((column) => table.columns.includes(column))
    ? new Map(table.rows.map((row) => [textOf(cellsOf(table, row, key)), row]))
    : undefined;
}

function cellsOf(table: CapturedTable, row: CapturedRow, columns: readonly string[]): CapturedRow {
  return columns.map((column) => cell(table, row, column) ?? null);
}

function cell({ columns }: CapturedTable, row: CapturedRow, column: string): string | null | undefined {
  return row[columns.indexOf(column)];
}

function textOf(cells: CapturedRow): string {
  return JSON.stringify(cells);
}

function named({ tables }: CapturedRows, wanted: string): CapturedTable | undefined {
  return tables.find(({ schema, name }) => `${schema}.${name}` === wanted);
}
