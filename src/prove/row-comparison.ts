/** What became of rows across a rollback or a second apply, beside the rows that were meant to come. */
import type { CapturedRows } from './fingerprint/capture-rows.js';
import { diffRows, type TableRowsDiff } from './fingerprint/diff-rows.js';
import type { RowLoss } from './proof.js';

export interface RowComparison {
  readonly losses: readonly RowLoss[];
  /** Tables with more rows than were meant to come. */
  readonly extras: readonly RowLoss[];
  readonly cellsCompared: number;
}

/**
 * @param before what must be there still
 * @param after what is there
 * @param written how many rows were written to each table in between, by `schema.name`
 */
export function compareRows(
  before: CapturedRows,
  after: CapturedRows,
  written: ReadonlyMap<string, number> = new Map(),
): RowComparison {
  const { tables, cellsCompared } = diffRows(before, after);
  return {
    losses: tables.filter(isLoss).map((table) => rowLoss(table, written)),
    extras: tables
      .filter((table) => !isLoss(table) && table.rowsAdded > (written.get(nameOf(table)) ?? 0))
      .map((table) => rowLoss(table, written)),
    cellsCompared,
  };
}

function isLoss({ rowsLost, cellsChanged, columnsLost }: TableRowsDiff): boolean {
  return rowsLost + cellsChanged > 0 || columnsLost.some(({ values }) => values > 0);
}

function rowLoss(table: TableRowsDiff, written: ReadonlyMap<string, number>): RowLoss {
  return {
    table: nameOf(table),
    rowsLost: table.rowsLost,
    rowsAdded: Math.max(0, table.rowsAdded - (written.get(nameOf(table)) ?? 0)),
    cellsChanged: table.cellsChanged,
    columnsLost: table.columnsLost.filter(({ values }) => values > 0).map(({ name }) => name),
    example: table.example,
  };
}

function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`;
}
