import { stripVTControlCharacters } from 'node:util';

export interface Column {
  readonly title: string;
  /** Numbers align right; text left. */
  readonly align?: 'left' | 'right';
}

/** Lays rows out in columns two spaces apart, headed by titles; no line ends in a space. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  paintTitle: (text: string) => string = (text) => text,
): string {
  const widths = columns.map((column, index) =>
    Math.max(width(column.title), ...rows.map((row) => width(row[index] ?? ''))),
  );
  const line = (cells: readonly string[], paint: (text: string) => string): string =>
    columns
      .map((column, index) => pad(paint(cells[index] ?? ''), widths[index]!, column.align ?? 'left'))
      .join('  ')
      .trimEnd();
  return [
    line(
      columns.map(({ title }) => title),
      paintTitle,
    ),
    ...rows.map((row) => line(row, (text) => text)),
  ].join('\n');
}

/** Columns that a text takes on a terminal: colours take none. */
function width(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}

function pad(text: string, columns: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, columns - width(text)));
  return align === 'right' ? space + text : text + space;
}
