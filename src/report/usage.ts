/** Usage results as a person reads them. */
import { bar, sparkline } from './chart.js';
import type { Style } from './style.js';
import { type Column, table } from './table.js';
import { formatCount, formatDuration, formatMoney, formatShort, formatTime, plural } from './units.js';
import { formatZonedTime } from './zoned-time.js';

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

interface TrendSpanView {
  readonly range: { readonly from: Date; readonly to: Date };
  readonly points: readonly (Sums & { readonly bucketStart: Date })[];
  readonly total: Sums;
}

interface SourceView {
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

export interface TrendView extends TrendSpanView {
  readonly grain: string;
  readonly timeZone: string;
  readonly source: SourceView;
  readonly before?: TrendSpanView;
}

const BAR_COLUMNS = 16;
const MOST_ROWS = 48;

/** The trend table: a row a bucket, a bar for its requests, totals below, and the curves on one line each. */
export function trendText(trend: TrendView, style: Style): string {
  const { timeZone, before, total, source } = trend;
  const busiest = Math.max(...trend.points.map(({ requests }) => Number(requests)), 0);
  const first = Math.max(0, trend.points.length - MOST_ROWS);
  const change = (now: Sums, then: Sums | undefined): string[] =>
    before ? [changeText(now.requests, then?.requests ?? 0n, style)] : [];
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

const SUM_COLUMNS: readonly Column[] = [
  { title: 'requests', align: 'right' },
  { title: 'input tok', align: 'right' },
  { title: 'output tok', align: 'right' },
  { title: 'errors', align: 'right' },
  { title: 'cost', align: 'right' },
  { title: 'p95', align: 'right' },
];

const CHANGE_COLUMN: Column = { title: 'before', align: 'right' };

/** How much more or less there is than there was. */
function changeText(now: bigint, then: bigint, style: Style): string {
  if (then === 0n) {
    return style.faint(now === 0n ? '·' : 'new');
  }
  const share = (Number(now) / Number(then) - 1) * 100;
  return `${share >= 0 ? '+' : ''}${share.toFixed(Math.abs(share) < 10 ? 1 : 0)} %`;
}

function beforeText(range: TrendSpanView['range'], timeZone: string): string {
  return `  before: requests from ${formatZonedTime(range.from, timeZone)} to ${formatZonedTime(range.to, timeZone)}`;
}

/** Nothing where a rollup told everything. */
function sourceLines({ why, hasPercentiles, files, folded = [] }: SourceView, style: Style): string[] {
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

export interface GroupsView {
  readonly by: string;
  readonly measure: string;
  readonly range: { readonly from: Date; readonly to: Date };
  readonly timeZone: string;
  readonly source: SourceView;
  readonly groups: readonly (Sums & {
    readonly key: Readonly<Record<string, string | number | null>>;
    readonly share: number;
    readonly before?: Sums;
  })[];
  readonly total: Sums;
  readonly before?: { readonly range: { readonly from: Date; readonly to: Date }; readonly total: Sums };
}

/** The groups, a row each, a bar for its share of what ranks. */
export function groupsText(answer: GroupsView, style: Style): string {
  const { groups, total, before, timeZone, range, source } = answer;
  const change = (now: Sums, then: Sums | undefined): string[] =>
    before ? [changeText(now.requests, then?.requests ?? 0n, style)] : [];
  const rows = groups.map((group) => [
    `  ${groupName(answer.by, group.key)}`,
    ...cells(group, style),
    ...change(group, group.before),
    `${(group.share * 100).toFixed(1)} %`,
    style.accent(bar(group.share, groups[0]!.share, BAR_COLUMNS)),
  ]);
  const last = ['  total', ...cells(total, style)].map((cell) => style.strong(cell));
  const columns: readonly Column[] = [
    { title: `  ${answer.by}` },
    ...SUM_COLUMNS,
    ...(before ? [CHANGE_COLUMN] : []),
    { title: `of ${answer.measure}`, align: 'right' },
    { title: '' },
  ];
  return [
    table(columns, [...rows, [...last, ...change(total, before?.total), '', '']], style.faint),
    style.faint(
      `  ${formatZonedTime(range.from, timeZone)} to ${formatZonedTime(range.to, timeZone)} ${timeZone}`,
    ),
    ...(before ? [style.faint(beforeText(before.range, timeZone))] : []),
    ...sourceLines(source, style),
  ].join('\n');
}

function groupName(by: string, key: GroupsView['groups'][number]['key']): string {
  const text = (name: string, otherwise: string): string => String(key[name] ?? otherwise);
  const organization = (): string => text('organization', text('organization_id', '?'));
  switch (by) {
    case 'organization':
      return organization();
    case 'model':
      return `${text('provider', '?')} ${text('model', '?')}`;
    case 'key':
      return `${organization()} ${text('key', text('api_key_id', 'no key'))}`;
    case 'user':
      return `${organization()} ${text('user_id', 'nobody known')}`;
    default:
      return text(by, 'not known');
  }
}

export interface EventsView {
  readonly range: { readonly from: Date; readonly to: Date };
  readonly timeZone: string;
  readonly events: readonly {
    readonly eventTime: Date;
    readonly eventId: string;
    readonly provider: string;
    readonly model: string;
    readonly operation: string;
    readonly status: number;
    readonly errorType?: string | undefined;
    readonly tokens:
      | Readonly<
          Record<
            'inputUncached' | 'inputCacheRead' | 'inputCacheWrite' | 'outputText' | 'outputReasoning',
            number
          >
        >
      | undefined;
    readonly latencyUs?: number | undefined;
    readonly currency: string;
    readonly cost?: { readonly nanos: bigint } | undefined;
  }[];
}

/** Events, a line each. */
export function eventsText({ events, range, timeZone }: EventsView, style: Style): string {
  const span = `${formatZonedTime(range.from, timeZone)} to ${formatZonedTime(range.to, timeZone)} ${timeZone}`;
  const rows = events.map(({ tokens, ...event }) => [
    `  ${formatZonedTime(event.eventTime, timeZone)}`,
    event.eventId,
    `${event.provider} ${event.model}`,
    event.operation,
    event.status >= 400 || event.errorType
      ? style.bad(`${event.status} ${event.errorType ?? ''}`.trim())
      : String(event.status),
    tokens ? formatShort(tokens.inputUncached + tokens.inputCacheRead + tokens.inputCacheWrite) : '?',
    tokens ? formatShort(tokens.outputText + tokens.outputReasoning) : '?',
    event.cost ? formatMoney(event.cost.nanos, event.currency) : '?',
    event.latencyUs === undefined ? '?' : formatDuration(event.latencyUs / 1000),
  ]);
  return [
    ...(rows.length === 0 ? [] : [table(EVENT_COLUMNS, rows, style.faint)]),
    style.faint(`  ${plural(events.length, 'event')}, ${span}`),
  ].join('\n');
}

const EVENT_COLUMNS: readonly Column[] = [
  { title: '  time' },
  { title: 'event' },
  { title: 'model' },
  { title: 'operation' },
  { title: 'status' },
  { title: 'input tok', align: 'right' },
  { title: 'output tok', align: 'right' },
  { title: 'cost', align: 'right' },
  { title: 'latency', align: 'right' },
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
    `${plural(result.rowsRead, 'row')} (${result.format}), ${formatCount(result.rowsInserted)} new, ${formatCount(result.rowsDuplicate)} there already  ${style.faint(`${formatDuration(result.durationMs)}, ${formatCount(result.rowsPerSecond)} rows/s`)}`,
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
