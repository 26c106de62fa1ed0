/**
 * What became of rows between two captures. Rows are matched by the table's key, where both captures have the same
 * one, and by all of their shared cells otherwise. Only columns on both sides are compared cell by cell; a column or a
 * table that is on one side only is told with the number of its values.
 */
import type { CapturedRow, CapturedRows, CapturedTable } from './capture-rows.js';

/** One row that shows a difference, the smallest that there is. */
export interface RowExample {
  readonly kind: 'lost row' | 'added row' | 'changed cell' | 'lost cell';
  /** The cells that tell the row apart: its key, or all of its cells. */
  readonly row: Readonly<Record<string, string | null>>;
  /** Of a changed or lost cell. */
  readonly column?: string;
  readonly before?: string | null;
  readonly after?: string | null;
}

export interface TableRowsDiff {
  readonly schema: string;
  readonly name: string;
  /** The table stands on one side only. */
  readonly table: 'lost' | 'added' | undefined;
  readonly rowsLost: number;
  readonly rowsAdded: number;
  readonly cellsChanged: number;
  /** Columns that are on the left only, with the number of rows that had a value in them. */
  readonly columnsLost: readonly { readonly name: string; readonly values: number }[];
  readonly columnsAdded: readonly { readonly name: string; readonly values: number }[];
  /** Of what was lost or changed, or else of what was added; `undefined` where there is only an empty column. */
  readonly example: RowExample | undefined;
}

export interface RowsDiff {
  /** The tables that differ, by name. */
  readonly tables: readonly TableRowsDiff[];
  /** No row, cell or value is missing or other than it was; what was added does not count. */
  readonly isLossless: boolean;
  readonly isEmpty: boolean;
  readonly rowsCompared: number;
  readonly cellsCompared: number;
}

/** Compares two captures, table by table. */
export function diffRows(before: CapturedRows, after: CapturedRows): RowsDiff {
  const left = new Map(before.tables.map((table) => [nameKey(table), table]));
  const right = new Map(after.tables.map((table) => [nameKey(table), table]));
  const names = [...new Set([...left.keys(), ...right.keys()])];
  const compared = names.map((name) => compareTables(left.get(name), right.get(name)));
  const tables = compared.flatMap(({ diff }) => (diff ? [diff] : []));
  return {
    tables,
    isLossless: !tables.some(isLoss),
    isEmpty: tables.length === 0,
    rowsCompared: compared.reduce((sum, { rows }) => sum + rows, 0),
    cellsCompared: compared.reduce((sum, { cells }) => sum + cells, 0),
  };
}

function isLoss({ rowsLost, cellsChanged, columnsLost }: TableRowsDiff): boolean {
  return rowsLost + cellsChanged > 0 || columnsLost.some(({ values }) => values > 0);
}

function nameKey({ schema, name }: CapturedTable): string {
  return JSON.stringify([schema, name]);
}

interface Compared {
  readonly diff: TableRowsDiff | undefined;
  readonly rows: number;
  readonly cells: number;
}

function compareTables(before: CapturedTable | undefined, after: CapturedTable | undefined): Compared {
  if (before === undefined || after === undefined) {
    return { diff: oneSided(before, after), rows: 0, cells: 0 };
  }
  const shared = before.columns.filter((column) => after.columns.includes(column));
  const matched = matchRows(before, after, shared);
  const changed = matched.pairs.flatMap(([a, b]) => changedCells(before, after, shared, a, b));
  const columnsLost = onlyIn(before, after);
  const columnsAdded = onlyIn(after, before);
  const isSame =
    matched.lost.length + matched.added.length + changed.length + columnsLost.length + columnsAdded.length ===
    0;
  return {
    diff: isSame
      ? undefined
      : {
          schema: before.schema,
          name: before.name,
          table: undefined,
          rowsLost: matched.lost.length,
          rowsAdded: matched.added.length,
          cellsChanged: changed.length,
          columnsLost,
          columnsAdded,
          example:
            smallest(matched.lost.map((row) => rowExample('lost row', before, row))) ??
            smallest(changed) ??
            smallest(columnsLost.flatMap(({ name }) => lostCell(before, name))) ??
            smallest(matched.added.map((row) => rowExample('added row', after, row))),
        },
    rows: matched.pairs.length,
    cells: matched.pairs.length * shared.length,
  };
}

function oneSided(before: CapturedTable | undefined, after: CapturedTable | undefined): TableRowsDiff {
  const table = (before ?? after)!;
  const isLost = before !== undefined;
  const kind = isLost ? 'lost row' : 'added row';
  return {
    schema: table.schema,
    name: table.name,
    table: isLost ? 'lost' : 'added',
    rowsLost: isLost ? table.rows.length : 0,
    rowsAdded: isLost ? 0 : table.rows.length,
    cellsChanged: 0,
    columnsLost: [],
    columnsAdded: [],
    example: smallest(table.rows.map((row) => rowExample(kind, table, row))),
  };
}

interface Matched {
  readonly pairs: readonly (readonly [CapturedRow, CapturedRow])[];
  readonly lost: readonly CapturedRow[];
  readonly added: readonly CapturedRow[];
}

function matchRows(before: CapturedTable, after: CapturedTable, shared: readonly string[]): Matched {
  const by = sharedKey(before, after) ?? shared;
  const [leftKey, rightKey] = [identityOf(before, by), identityOf(after, by)];
  const waiting = new Map<string, CapturedRow[]>();
  for (const row of after.rows) {
    const rows = waiting.get(rightKey(row));
    if (rows) {
      rows.push(row);
    } else {
      waiting.set(rightKey(row), [row]);
    }
  }
  const pairs: [CapturedRow, CapturedRow][] = [];
  const lost: CapturedRow[] = [];
  for (const row of before.rows) {
    const partner = waiting.get(leftKey(row))?.pop();
    if (partner) {
      pairs.push([row, partner]);
    } else {
      lost.push(row);
    }
  }
  return { pairs, lost, added: [...waiting.values()].flat() };
}

/** A key of both tables: the left one's, where the right one has its columns too. */
function sharedKey(before: CapturedTable, after: CapturedTable): readonly string[] | undefined {
  return [before.key, after.key].find((key) =>
    key?.every((column) => before.columns.includes(column) && after.columns.includes(column)),
  );
}

function identityOf(table: CapturedTable, columns: readonly string[]): (row: CapturedRow) => string {
  const places = columns.map((column) => table.columns.indexOf(column));
  return (row) => JSON.stringify(places.map((place) => row[place]));
}

function changedCells(
  before: CapturedTable,
  after: CapturedTable,
  shared: readonly string[],
  a: CapturedRow,
  b: CapturedRow,
): RowExample[] {
  return shared.flatMap((column) => {
    const was = a[before.columns.indexOf(column)]!;
    const is = b[after.columns.indexOf(column)]!;
    return was === is
      ? []
      : [{ kind: 'changed cell' as const, row: identityCells(before, a), column, before: was, after: is }];
  });
}

function onlyIn(table: CapturedTable, other: CapturedTable): { name: string; values: number }[] {
  return table.columns
    .filter((column) => !other.columns.includes(column))
    .map((name) => {
      const place = table.columns.indexOf(name);
      return { name, values: table.rows.filter((row) => row[place] !== null).length };
    });
}

function lostCell(table: CapturedTable, column: string): RowExample[] {
  const place = table.columns.indexOf(column);
  return table.rows
    .filter((row) => row[place] !== null)
    .map((row) => ({ kind: 'lost cell', row: identityCells(table, row), column, before: row[place]! }));
}

function rowExample(kind: 'lost row' | 'added row', table: CapturedTable, row: CapturedRow): RowExample {
  return { kind, row: Object.fromEntries(table.columns.map((column, place) => [column, row[place]!])) };
}

function identityCells(table: CapturedTable, row: CapturedRow): Readonly<Record<string, string | null>> {
  const columns = table.key ?? table.columns;
  return Object.fromEntries(columns.map((column) => [column, row[table.columns.indexOf(column)]!]));
}

/** The shortest to print. */
function smallest(examples: readonly RowExample[]): RowExample | undefined {
  let best: RowExample | undefined;
  let bestLength = Number.POSITIVE_INFINITY;
  for (const example of examples) {
    const { length } = JSON.stringify(example);
    if (length < bestLength) {
      [best, bestLength] = [example, length];
    }
  }
  return best;
}
