/** Sums of usage as cells of a table, and what stands below such a table. */
import type { Style } from './style.js';
import type { Column } from './table.js';
import { formatCount, formatDuration, formatMoney, formatShort, plural } from './units.js';
import { formatZonedTime } from './zoned-time.js';

export interface Range {
  readonly from: Date;
  readonly to: Date;
}

export interface Money {
  readonly currency: string;
  readonly nanos: bigint;
}

export interface Sums {
  readonly requests: bigint;
  readonly errors: bigint;
  readonly errorRate: number;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costs: readonly Money[];
  readonly costUnknown: bigint;
  readonly latency: { readonly p95Us: number } | undefined;
}

/** Where an answer was read. */
export interface SourceView {
  readonly rollup: string | undefined;
  readonly why: string | undefined;
  readonly hasPercentiles: boolean;
  readonly files: number;
  readonly folded?: readonly {
    readonly dimension: string;
    readonly organizations: number;
    readonly events: bigint;
  }[];
}

export const BAR_COLUMNS = 16;

export const SUM_COLUMNS: readonly Column[] = [
  { title: 'requests', align: 'right' },
  { title: 'input tok', align: 'right' },
  { title: 'output tok', align: 'right' },
  { title: 'errors', align: 'right' },
  { title: 'cost', align: 'right' },
  { title: 'p95', align: 'right' },
];

export const CHANGE_COLUMN: Column = { title: 'before', align: 'right' };

/** The cell of `CHANGE_COLUMN`, where there is a span to compare with. */
export function changeCells(hasBefore: boolean, now: Sums, then: Sums | undefined, style: Style): string[] {
  return hasBefore ? [changeText(now.requests, then?.requests ?? 0n, style)] : [];
}

/** How much more or less there is than there was. */
function changeText(now: bigint, then: bigint, style: Style): string {
  if (then === 0n) {
    return style.faint(now === 0n ? '·' : 'new');
  }
  const share = (Number(now) / Number(then) - 1) * 100;
  return `${share >= 0 ? '+' : ''}${share.toFixed(Math.abs(share) < 10 ? 1 : 0)} %`;
}

export function beforeText(range: Range, timeZone: string): string {
  return `  before: requests from ${formatZonedTime(range.from, timeZone)} to ${formatZonedTime(range.to, timeZone)}`;
}

/** Nothing where a rollup told everything. */
export function sourceLines({ why, hasPercentiles, files, folded = [] }: SourceView, style: Style): string[] {
  const read = files > 0 ? ` and ${plural(files, 'file')} of the history` : '';
  return [
    ...(why === undefined ? [] : [style.faint(`  from events${read}: ${why}`)]),
    ...(hasPercentiles
      ? []
      : [style.faint('  no rollup by this has latencies; --percentiles reads the events')]),
    ...folded.map((one) =>
      style.warn(
        `  __other__ holds ${plural(Number(one.events), 'request')} of ${plural(one.organizations, 'organization')} whose ${one.dimension} is beyond the cap of the rollup`,
      ),
    ),
  ];
}

/** Those of `SUM_COLUMNS`; dots where there was no request. */
export function cells(sums: Sums, style: Style): string[] {
  if (sums.requests === 0n) {
    return ['·', '·', '·', '·', '·', '·'].map(style.faint);
  }
  const rate = `${(sums.errorRate * 100).toFixed(1)} %`;
  return [
    formatCount(sums.requests),
    formatShort(sums.inputTokens),
    formatShort(sums.outputTokens),
    sums.errorRate >= 0.05 ? style.bad(rate) : rate,
    sums.costUnknown === sums.requests ? '?' : moneyText(sums.costs, '?'),
    sums.latency ? formatDuration(sums.latency.p95Us / 1000) : '?',
  ];
}

/** The sums of all currencies, or what is said where there is none. */
export function moneyText(costs: readonly Money[], otherwise: string): string {
  return costs.map(({ nanos, currency }) => formatMoney(nanos, currency)).join(' + ') || otherwise;
}
