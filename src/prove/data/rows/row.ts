/** The text of a value, or null. */
export type Cell = string | null;

/** Cells by column; a column that is not in it takes its default. */
export type Row = ReadonlyMap<string, Cell>;

/** How full a row is: every nullable column null, every column set, or some of each. */
export type Fullness = 'bare' | 'full' | 'mixed';

/** The values of these columns as one text, to compare rows by; `undefined` where one is null or not known. */
export function tupleOf(row: Row, columns: readonly string[]): string | undefined {
  const cells = columns.map((column) => row.get(column));
  return cells.some((cell) => cell === null || cell === undefined) ? undefined : JSON.stringify(cells);
}
