/** The benchmark's tables, in Markdown, as docs/benchmarks.md shows them. */
import type { Figures } from './compare.js';

/** Each tool's seconds, and Plinth's time as a multiple of it. */
export function comparisonTable(figures: readonly Figures[], plinth: string): string {
  const own = figures.find(({ tool }) => tool === plinth);
  const rows = figures.map(
    ({ tool, up, down }) =>
      `| ${tool} | ${seconds(up)} | ${ratio(own?.up, up)} | ${seconds(down)} | ${ratio(own?.down, down)} |`,
  );
  return [
    '| tool | up | plinth ÷ it | down | plinth ÷ it |',
    '| --- | ---: | ---: | ---: | ---: |',
    ...rows,
  ].join('\n');
}

function seconds(value: number | string): string {
  return typeof value === 'number' ? `${value.toFixed(2)} s` : value;
}

function ratio(own: number | string | undefined, other: number | string): string {
  return typeof own === 'number' && typeof other === 'number' ? (own / other).toFixed(2) : '';
}

/** What of the targets is missed: no slower than the fastest peer, within 1.3 of psql's one session. */
export function missed(figures: readonly Figures[], plinth: string, psql: string, what: string): string[] {
  const own = figures.find(({ tool }) => tool === plinth);
  return (['up', 'down'] as const).flatMap((direction) => {
    const time = own?.[direction];
    if (typeof time !== 'number') {
      return [`${what} ${direction}: ${time}`];
    }
    return figures.flatMap((other) => {
      const theirs = other[direction];
      const isOwn = other.tool.startsWith('plinth') || other.tool.startsWith('psql, a process');
      const most = other.tool === psql ? 1.3 : 1;
      return typeof theirs === 'number' && !isOwn && time / theirs > most
        ? [`${what} ${direction}: ${(time / theirs).toFixed(2)} of ${other.tool} (at most ${most})`]
        : [];
    });
  });
}
