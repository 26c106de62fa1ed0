const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** One character a value, its height in proportion to the largest; a blank for nothing. */
export function sparkline(values: readonly number[]): string {
  const largest = Math.max(...values, 0);
  return values
    .map((value) =>
      value <= 0 || largest === 0 ? ' ' : BARS[Math.min(7, Math.floor((value / largest) * 8))],
    )
    .join('');
}

/** A horizontal bar of at most `columns` characters, exact to an eighth of one. */
export function bar(value: number, largest: number, columns: number): string {
  if (value <= 0 || largest <= 0) {
    return '';
  }
  const eighths = Math.max(1, Math.round((value / largest) * columns * 8));
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}
