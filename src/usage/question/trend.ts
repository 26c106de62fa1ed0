/**
 * Usage over time: a point for each bucket of a span, also for those without a request. It is read from rollups with
 * their live tail, or from the events, in the database and in the history, where no rollup can tell it. Counts, tokens
 * and costs are exact at the moment of the question; percentiles of latency are at most 1 % off.
 */
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import type { TimeRange } from '../grain.js';
import { explainMissingSchema } from '../missing-schema.js';
import { boundsBefore, bucketBounds, type QuestionGrain } from './buckets.js';
import { type ColumnFilter, columnFilter, type UsageFilter } from './filter.js';
import { inOneSnapshot } from './one-snapshot.js';
import { type Asking, questionRows, type UsageSource } from './rows.js';
import { grouped, sumsOf, type UsageRow, type UsageSums } from './sums.js';
import { checkTimeZone } from './time-zone.js';

export interface TrendOptions extends TimeRange, UsageFilter, Asking {
  readonly grain: QuestionGrain;
  /** Whose days, weeks and months; an IANA name such as Europe/Paris. UTC unless given. */
  readonly timeZone?: string;
  /** Tell as many buckets before the span, too. */
  readonly compare?: boolean;
}

export interface TrendPoint extends UsageSums {
  readonly bucketStart: Date;
  /** Excluded. */
  readonly bucketEnd: Date;
}

/** Points over a span. */
export interface TrendSpan {
  /** The span that is shown: whole buckets. */
  readonly range: TimeRange;
  /** One for each bucket, in order of time. */
  readonly points: readonly TrendPoint[];
  /** Over the whole span. */
  readonly total: UsageSums;
}

export interface UsageTrend extends TrendSpan {
  readonly grain: QuestionGrain;
  readonly timeZone: string;
  readonly source: UsageSource;
  /** As many buckets before the span, point by point; only where it was asked for. */
  readonly before?: TrendSpan;
}

/**
 * @throws USAGE_RANGE_INVALID for a span without end after its beginning, of more than 600,000 buckets, or of more days
 * than events are read for; USAGE_OPTION_INVALID, USAGE_HISTORY_UNREACHABLE, USAGE_SCHEMA_MISSING
 * @example
 * const trend = await usageTrend(session, { rollups, from, to, grain: 'day', timeZone: 'Europe/Paris' });
 */
export async function usageTrend(session: Session, options: TrendOptions): Promise<UsageTrend> {
  const { grain, timeZone = 'UTC', compare = false } = options;
  checkTimeZone(timeZone);
  const bounds = bucketBounds(grain, timeZone, options);
  return inSpan('plinth.usage.trend', { 'plinth.grain': grain }, () =>
    explainMissingSchema('read the usage trend', () =>
      inOneSnapshot(session, async () => {
        const filter = await columnFilter(session, options);
        const { source, ...span } = await trendSpan(session, options, filter, bounds);
        const before = compare
          ? await trendSpan(session, options, filter, boundsBefore(grain, timeZone, bounds))
          : undefined;
        return {
          grain,
          timeZone,
          source,
          ...span,
          ...(before ? { before: { range: before.range, points: before.points, total: before.total } } : {}),
        };
      }),
    ),
  );
}

async function trendSpan(
  session: Session,
  options: TrendOptions,
  filter: ColumnFilter,
  bounds: readonly Date[],
): Promise<TrendSpan & { readonly source: UsageSource }> {
  const { grain, timeZone = 'UTC' } = options;
  const { rows, source } = await questionRows(session, {
    ...options,
    bounds,
    timeZone,
    grain,
    filter,
    groupBy: [],
  });
  const range = { from: bounds[0]!, to: bounds.at(-1)! };
  return { range, points: pointsOf(bounds, rows), total: sumsOf(rows), source };
}

function pointsOf(bounds: readonly Date[], rows: readonly UsageRow[]): TrendPoint[] {
  const byStart = grouped(rows, (row) => String(row.bucket_start.getTime()));
  return bounds.slice(0, -1).map((start, index) => ({
    bucketStart: start,
    bucketEnd: bounds[index + 1]!,
    ...sumsOf(byStart.get(String(start.getTime())) ?? []),
  }));
}
