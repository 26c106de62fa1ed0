/** The trend of usage as a person reads it. */
import { bar, sparkline } from './chart.js';
import type { Style } from './style.js';
import { type Column, table } from './table.js';
import { formatCount } from './units.js';
import {
  BAR_COLUMNS,
  beforeText,
  CHANGE_COLUMN,
  cells,
  changeCells,
  type Range,
  type SourceView,
  SUM_COLUMNS,
  type Sums,
  sourceLines,
} from './usage-sums.js';
import { formatZonedTime } from './zoned-time.js';

interface TrendSpanView {
  readonly range: Range;
  readonly points: readonly (Sums & { readonly bucketStart: Date })[];
  readonly total: Sums;
}

export interface TrendView extends TrendSpanView {
  readonly grain: string;
  readonly timeZone: string;
  readonly source: SourceView;
  readonly before?: TrendSpanView;
}

const MOST_ROWS = 48;

/** The trend table: a row a bucket, a bar for its requests, totals below, and the curves on one line each. */
export function trendText(trend: TrendView, style: Style): string {
  const { timeZone, before, total, source } = trend;
  const busiest = Math.max(...trend.points.map(({ requests }) => Number(requests)), 0);
  const first = Math.max(0, trend.points.length - MOST_ROWS);
  const change = (now: Sums, then: Sums | undefined): string[] =>
    changeCells(before !== undefined, now, then, style);
  const rows = trend.points
    .slice(first)
    .map((point, index) => [
      `  ${bucketTime(point.bucketStart, trend.grain, timeZone)}`,
      ...cells(point, style),
      ...change(point, before?.points[first + index]),
      style.accent(bar(Number(point.requests), busiest, BAR_COLUMNS)),
    ]);
  const last = ['  total', ...cells(total, style)].map((cell) => style.strong(cell));
  const columns: readonly Column[] = [
    { title: `  ${timeZone}` },
    ...SUM_COLUMNS,
    ...(before ? [CHANGE_COLUMN] : []),
    { title: '' },
  ];
  return [
    table(columns, [...rows, [...last, ...change(total, before?.total), '']], style.faint),
    ...(first > 0
      ? [
          style.faint(
            `  the first ${formatCount(first)} ${trend.grain}s are left out; --format json has them all`,
          ),
        ]
      : []),
    ...(before ? [style.faint(beforeText(before.range, timeZone))] : []),
    ...sourceLines(source, style),
    ...curves(trend, style),
  ].join('\n');
}

function curves(trend: TrendView, style: Style): string[] {
  const curve = (title: string, value: (point: TrendView['points'][number]) => number): string =>
    `  ${title.padEnd(9)} ${style.accent(sparkline(trend.points.map(value)))}`;
  if (trend.points.length < 3 || trend.points.length > 120) {
    return [];
  }
  return [
    '',
    curve('requests', ({ requests }) => Number(requests)),
    curve('tokens', ({ inputTokens, outputTokens }) => Number(inputTokens + outputTokens)),
    curve('errors', ({ errorRate }) => errorRate),
    ...(trend.source.hasPercentiles ? [curve('p95', ({ latency }) => latency?.p95Us ?? 0)] : []),
  ];
}

function bucketTime(time: Date, grain: string, timeZone: string): string {
  const text = formatZonedTime(time, timeZone);
  return grain === 'month'
    ? text.slice(0, 7)
    : grain === 'day' || grain === 'week'
      ? text.slice(0, 10)
      : text;
}
