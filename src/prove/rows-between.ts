/**
 * What was written between apply and rollback. A row that was changed or deleted then is not expected to be as it was
 * before the apply: after the rollback it is left out, and compared with what was written after the next apply.
 */
import type { CapturedRow, CapturedRows, CapturedTable } from './fingerprint/capture-rows.js';

export interface RowsBetween {
  /** The rows of before the apply, without those that were changed or deleted since. */
  readonly untouched: CapturedRows;
  /** How many rows of each table are there or other than they were, by `schema.name`. */
  readonly written: ReadonlyMap<string, number>;
  /** The same by the names that tables had before the apply. */
  readonly writtenAsBefore: ReadonlyMap<string, number>;
  /** How many rows of each table are gone or other than they were: an up that makes rows may make them anew. */
  readonly gone: ReadonlyMap<string, number>;
}

/**
 * @param before the rows before the apply
 * @param after the rows after it
 * @param then the rows after the writes
 */
export function rowsBetween(before: CapturedRows, after: CapturedRows, then: CapturedRows): RowsBetween {
  const [left, right] = [byName(after), byName(then)];
  const changed = new Map(
    after.tables.map((table) => [nameOf(table), rowsMissing(table, right.get(nameOf(table)))]),
  );
  const written = new Map(
    then.tables.map((table) => [nameOf(table), rowsMissing(table, left.get(nameOf(table))).length]),
  );
  // A table that is not there meanwhile, or a part of another, may be given any of them by the rollback.
  const everywhere = [...written.values()].reduce((sum, rows) => sum + rows, 0);
  return {
    untouched: {
      tables: before.tables.map((table) => {
        const known = left.get(nameOf(table));
        const gone = changed.get(nameOf(table)) ?? [];
        return known === undefined || gone.length === 0 ? table : without(table, known, gone);
      }),
    },
    gone: new Map([...changed].map(([name, rows]) => [name, rows.length])),
    written,
    writtenAsBefore: new Map([
      ...before.tables.map((table) => [nameOf(table), everywhere] as const),
      ...then.tables.map((table) => {
        const old = before.tables.find(({ oid }) => oid !== undefined && oid === table.oid);
        return [nameOf(old ?? table), written.get(nameOf(table))!] as const;
      }),
    ]),
  };
}

/** Tables of which a row can be told that is changed after the apply: by their names, `schema.name`. */
export function tablesWithSameKey(before: CapturedRows, after: CapturedRows): ReadonlySet<string> {
  const left = byName(before);
  const same = after.tables.filter(
    (table) => table.key && table.key.join() === left.get(nameOf(table))?.key?.join(),
  );
  return new Set(same.map(nameOf));
}

function byName({ tables }: CapturedRows): ReadonlyMap<string, CapturedTable> {
  return new Map(tables.map((table) => [nameOf(table), table]));
}

function nameOf({ schema, name }: CapturedTable): string {
  return `${schema}.${name}`;
}

/** The rows of a table that another capture of it does not have as they are. */
function rowsMissing(table: CapturedTable, other: CapturedTable | undefined): readonly CapturedRow[] {
  const there = counted(other?.rows ?? [], (row) => JSON.stringify(row));
  return table.rows.filter((row) => !take(there, JSON.stringify(row)));
}

/** The table without the rows that became `gone`: known by its key, or by the cells that both have. */
function without(table: CapturedTable, known: CapturedTable, gone: readonly CapturedRow[]): CapturedTable {
  const shared = table.columns.filter((column) => known.columns.includes(column));
  const by = table.key?.every((column) => shared.includes(column)) ? table.key : shared;
  const left = counted(gone, (row) => identity(known, by, row));
  return { ...table, rows: table.rows.filter((row) => !take(left, identity(table, by, row))) };
}

function identity({ columns }: CapturedTable, by: readonly string[], row: CapturedRow): string {
  return JSON.stringify(by.map((column) => row[columns.indexOf(column)]));
}

function counted(rows: readonly CapturedRow[], textOf: (row: CapturedRow) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const text = textOf(row);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

function take(counts: Map<string, number>, text: string): boolean {
  const count = counts.get(text) ?? 0;
  counts.set(text, count - 1);
  return count > 0;
}
