/** Columns are padded up to this width, so that the raw text reads as a table too. */
const WIDEST_PADDED = 44;

/**
 * A Markdown table. A column without any content is left out; the last one is not padded. The cells are Markdown
 * already; `|` inside code is escaped here, and a line break becomes `<br>`.
 */
export function markdownTable(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const kept = titles.map((_, index) => rows.some((row) => row[index] !== ''));
  const pick = (cells: readonly string[]) => cells.filter((_, index) => kept[index]).map(cell);
  const lines = [pick(titles), ...rows.map(pick)];
  const widths = lines[0]!.map((_, index) =>
    Math.min(WIDEST_PADDED, Math.max(...lines.map((line) => width(line[index]!)))),
  );
  const text = (cells: readonly string[]) =>
    `| ${cells.map((content, index) => (index === cells.length - 1 ? content : pad(content, widths[index]!))).join(' | ')} |`;
  const rule = `| ${widths.map((columns, index) => '-'.repeat(index === widths.length - 1 ? 3 : Math.max(3, columns))).join(' | ')} |`;
  return [text(lines[0]!), rule, ...lines.slice(1).map(text)].join('\n');
}

function cell(markdown: string): string {
  return markdown
    .replaceAll(/(\\*)\|/g, (bar, before: string) => (before.length % 2 === 0 ? `${before}\\|` : bar))
    .replaceAll(/\s*\r?\n\s*/g, '<br>');
}

function pad(content: string, columns: number): string {
  return content + ' '.repeat(Math.max(0, columns - width(content)));
}

function width(content: string): number {
  return [...content].length;
}
