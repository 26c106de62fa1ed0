/** Usage results as a person reads them. */
import { bar, sparkline } from './chart.js';
import type { Style } from './style.js';
import { type Column, table } from './table.js';
import { formatCount, formatDuration, formatMoney, formatShort, formatTime } from './units.js';

interface Money {
  readonly currency: string;
  readonly nanos: bigint;
}

interface Sums {
  readonly requests: bigint;
  readonly errors: bigint;
  readonly errorRate: number;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costs: readonly Money[];
  readonly costUnknown: bigint;
  readonly latency: { readonly p95Us: number } | undefined;
}

export interface TrendView {
  readonly grain: string;
  readonly range: { readonly from: Date; readonly to: Date };
  readonly points: readonly (Sums & { readonly bucketStart: Date })[];
  readonly total: Sums;
}

const BAR_COLUMNS = 16;
const MOST_ROWS = 48;

/** The trend table: a row a bucket, a bar for its requests, totals below, and the curves on one line each. */
export function trendText(trend: TrendView, style: Style): string {
  const busiest = Math.max(...trend.points.map(({ requests }) => Number(requests)), 0);
  const shown = trend.points.slice(-MOST_ROWS);
  const rows = shown.map((point) => [
    `  ${bucketTime(point.bucketStart, trend.grain)}`,
    ...cells(point, style),
    style.accent(bar(Number(point.requests), busiest, BAR_COLUMNS)),
  ]);
  const total = ['  total', ...cells(trend.total, style), ''].map((cell) => style.strong(cell));
  const left = trend.points.length - shown.length;
  return [
    table(COLUMNS, [...rows, total], style.faint),
    ...(left > 0
      ? [
          style.faint(
            `  the first ${formatCount(left)} ${trend.grain}s are left out; --format json has them all`,
          ),
        ]
      : []),
    ...curves(trend, style),
  ].join('\n');
}

const COLUMNS: readonly Column[] = [
  { title: '  UTC' },
  { title: 'requests', align: 'right' },
  { title: 'input tok', align: 'right' },
  { title: 'output tok', align: 'right' },
  { title: 'errors', align: 'right' },
  { title: 'cost', align: 'right' },
  { title: 'p95', align: 'right' },
  { title: '' },
];

function cells(sums: Sums, style: Style): string[] {
  if (sums.requests === 0n) {
    return ['·', '·', '·', '·', '·', '·'].map(style.faint);
  }
  const rate = `${(sums.errorRate * 100).toFixed(1)} %`;
  return [
    formatCount(sums.requests),
    formatShort(sums.inputTokens),
    formatShort(sums.outputTokens),
    sums.errorRate >= 0.05 ? style.bad(rate) : rate,
    sums.costUnknown === sums.requests ? '?' : moneyText(sums.costs),
    sums.latency ? formatDuration(sums.latency.p95Us / 1000) : '?',
  ];
}

function moneyText(costs: readonly Money[]): string {
  return costs.map(({ nanos, currency }) => formatMoney(nanos, currency)).join(' + ') || '?';
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
    curve('p95', ({ latency }) => latency?.p95Us ?? 0),
  ];
}

function bucketTime(time: Date, grain: string): string {
  const text = formatTime(time);
  return grain === 'month' ? text.slice(0, 7) : grain === 'day' ? text.slice(0, 10) : text;
}

export interface ImportView {
  readonly format: string;
  readonly rowsRead: number;
  readonly rowsInserted: number;
  readonly rowsDuplicate: number;
  readonly rowsRejected: number;
  readonly rejects: readonly { readonly line: number; readonly column: number; readonly reason: string }[];
  readonly rowsPerSecond: number;
  readonly durationMs: number;
  readonly totals: {
    readonly tokens: Readonly<
      Record<
        'inputUncached' | 'inputCacheRead' | 'inputCacheWrite' | 'outputText' | 'outputReasoning',
        bigint
      >
    >;
    readonly usageUnknown: number;
    readonly costs: readonly Money[];
    readonly costUnknown: number;
    readonly range: { readonly from: Date; readonly to: Date } | undefined;
  };
}

/** What an import read and kept. */
export function importText(result: ImportView, style: Style): string {
  const { tokens, costs, range, costUnknown, usageUnknown } = result.totals;
  const input = tokens.inputUncached + tokens.inputCacheRead + tokens.inputCacheWrite;
  const output = tokens.outputText + tokens.outputReasoning;
  const cached =
    tokens.inputCacheRead > 0n ? `, ${formatCount(tokens.inputCacheRead)} of them read from cache` : '';
  const unknown = [
    ...(usageUnknown > 0 ? [`${formatCount(usageUnknown)} without tokens`] : []),
    ...(costUnknown > 0 ? [`${formatCount(costUnknown)} without a known cost`] : []),
  ].join(', ');
  const lines = [
    `${formatCount(result.rowsRead)} rows (${result.format}), ${formatCount(result.rowsInserted)} new, ${formatCount(result.rowsDuplicate)} there already  ${style.faint(`${formatDuration(result.durationMs)}, ${formatCount(result.rowsPerSecond)} rows/s`)}`,
    ...(range ? [`${formatTime(range.from)} to ${formatTime(range.to)} UTC`] : []),
    `${formatCount(input)} input tokens${cached}`,
    `${formatCount(output)} output tokens`,
    `${costs.map(({ nanos, currency }) => formatMoney(nanos, currency)).join(' + ') || 'no known cost'}${unknown ? `  ${style.faint(unknown)}` : ''}`,
  ];
  return [...lines, ...rejectLines(result, style)].map((line) => `  ${line}`).join('\n');
}

const SHOWN_REJECTS = 3;

function rejectLines({ rowsRejected, rejects }: ImportView, style: Style): string[] {
  if (rowsRejected === 0) {
    return [];
  }
  const shown = rejects.slice(0, SHOWN_REJECTS);
  const more = rowsRejected - shown.length;
  return [
    style.bad(
      `${formatCount(rowsRejected)} ${rowsRejected === 1 ? 'row is' : 'rows are'} no valid ${rowsRejected === 1 ? 'event' : 'events'} and set aside in analytics.usage_rejects:`,
    ),
    ...shown.map(({ line, column, reason }) => `  line ${line}, column ${column} has ${reason}`),
    ...(more > 0 ? [style.faint(`  and ${formatCount(more)} more`)] : []),
  ];
}
