/**
 * Usage over time: a point for each bucket of a span, also for those without a request. It is read from rollups with
 * their live tail, or from the events where no rollup can tell it. Counts, tokens and costs are exact at the moment
 * of the question; percentiles of latency are at most 1 % off.
 */
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { type Money, TOKEN_BUCKETS, type TokenCounts } from '../event.js';
import { isUuid } from '../event-id.js';
import { type Grain, nextBucket, type TimeRange, wholeBuckets } from '../grain.js';
import { explainMissingSchema } from '../missing-schema.js';
import { type LatencyHistogram, latencyPercentileUs } from './histogram.js';
import type { Rollup } from './rollup.js';
import { trendSource } from './trend-source.js';

export interface TrendOptions extends TimeRange {
  readonly rollups: readonly Rollup[];
  readonly grain: Grain;
  readonly organizationId?: string;
  /** Only models of that provider. */
  readonly provider?: string;
  /** Only models of that name. */
  readonly model?: string;
}

export interface LatencyPercentiles {
  /** Microseconds; at most 1 % from the exact value. */
  readonly p50Us: number;
  readonly p95Us: number;
  readonly p99Us: number;
}

export interface UsageSums {
  readonly requests: bigint;
  readonly errors: bigint;
  /** `errors` as a share of `requests`; 0 when there are none. */
  readonly errorRate: number;
  readonly tokens: TokenCounts<bigint>;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  /** Requests whose tokens are not known; they add nothing to the tokens. */
  readonly usageUnknown: bigint;
  /** Known costs, a sum for each currency, in the order of their codes. */
  readonly costs: readonly Money[];
  /** Requests whose cost is not known; they add nothing to the costs. */
  readonly costUnknown: bigint;
  /** `undefined` when no latency is known. */
  readonly latency: LatencyPercentiles | undefined;
}

export interface TrendPoint extends UsageSums {
  readonly bucketStart: Date;
  /** Excluded. */
  readonly bucketEnd: Date;
}

export interface UsageTrend {
  readonly grain: Grain;
  /** The rollup that it was read from; `undefined` for the events. */
  readonly rollup: string | undefined;
  /** The span that is shown: whole buckets. */
  readonly range: TimeRange;
  /** One for each bucket, in order of time. */
  readonly points: readonly TrendPoint[];
  /** Over the whole span. */
  readonly total: UsageSums;
}

/** A year of minutes is half a million points; nobody reads more. */
const MOST_POINTS = 600_000;

/**
 * @throws USAGE_RANGE_INVALID for a span without end after its beginning, or of more than 600,000 buckets;
 * USAGE_OPTION_INVALID, USAGE_SCHEMA_MISSING
 * @example
 * const trend = await usageTrend(session, { rollups, from, to, grain: 'hour', organizationId });
 */
export async function usageTrend(session: Session, options: TrendOptions): Promise<UsageTrend> {
  const { grain, organizationId } = options;
  const range = wholeBuckets(grain, options);
  const starts = bucketStarts(grain, range);
  if (organizationId !== undefined && !isUuid(organizationId)) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: 'Cannot read the usage trend: the option organizationId has another form (a UUID was wanted)',
      details: { option: 'organizationId' },
    });
  }
  return inSpan('plinth.usage.trend', { 'plinth.grain': grain }, () =>
    explainMissingSchema('read the usage trend', async () => {
      const models = await chosenModels(session, options);
      const { rollup, sql } = trendSource(options.rollups, {
        grain,
        byOrganization: organizationId !== undefined,
        byModel: models !== null,
      });
      const rows = await session.query<TrendRow>(sql, [
        range.from,
        range.to,
        ...(organizationId === undefined ? [] : [organizationId]),
        ...(models === null ? [] : [models]),
      ]);
      return { grain, rollup, range, points: pointsOf(grain, starts, rows), total: sumsOf(rows) };
    }),
  );
}

function bucketStarts(grain: Grain, { from, to }: TimeRange): Date[] {
  const starts: Date[] = [];
  for (let start = from; start < to; start = nextBucket(grain, start)) {
    starts.push(start);
    if (starts.length > MOST_POINTS) {
      throw USAGE_ERRORS.RANGE_INVALID({
        message: `Cannot show a trend by ${grain} from ${from.toISOString()} to ${to.toISOString()}: it has more than ${MOST_POINTS} ${grain}s (a coarser grain or a shorter span was wanted)`,
      });
    }
  }
  return starts;
}

/** The numbers of the models that are asked for; `null` for all. */
async function chosenModels(session: Session, { provider, model }: TrendOptions): Promise<number[] | null> {
  if (provider === undefined && model === undefined) {
    return null;
  }
  const rows = await session.query<{ id: number }>(
    'select id from analytics.models where provider = coalesce($1, provider) and name = coalesce($2, name)',
    [provider, model],
  );
  return rows.map((row) => row.id);
}

function pointsOf(grain: Grain, starts: readonly Date[], rows: readonly TrendRow[]): TrendPoint[] {
  const byStart = new Map<number, TrendRow[]>();
  for (const row of rows) {
    const time = row.bucket_start.getTime();
    byStart.set(time, [...(byStart.get(time) ?? []), row]);
  }
  return starts.map((start) => ({
    bucketStart: start,
    bucketEnd: nextBucket(grain, start),
    ...sumsOf(byStart.get(start.getTime()) ?? []),
  }));
}

interface TrendRow extends Readonly<Record<(typeof TOKEN_BUCKETS)[number][1], bigint>> {
  readonly bucket_start: Date;
  readonly currency: string;
  readonly requests: bigint;
  readonly errors: bigint;
  readonly usage_unknown: bigint;
  readonly cost_unknown: bigint;
  readonly cost_nanos: string;
  readonly latency_buckets: readonly number[];
  readonly latency_counts: readonly bigint[];
}

function sumsOf(rows: readonly TrendRow[]): UsageSums {
  const requests = sumOf(rows, 'requests');
  const errors = sumOf(rows, 'errors');
  const tokens = Object.fromEntries(
    TOKEN_BUCKETS.map(([bucket, column]) => [bucket, sumOf(rows, column)]),
  ) as Record<keyof TokenCounts, bigint>;
  return {
    requests,
    errors,
    errorRate: requests === 0n ? 0 : Number(errors) / Number(requests),
    tokens,
    inputTokens: tokens.inputUncached + tokens.inputCacheRead + tokens.inputCacheWrite,
    outputTokens: tokens.outputText + tokens.outputReasoning,
    usageUnknown: sumOf(rows, 'usage_unknown'),
    costs: costsOf(rows),
    costUnknown: sumOf(rows, 'cost_unknown'),
    latency: percentilesOf(mergedHistogram(rows)),
  };
}

function sumOf(
  rows: readonly TrendRow[],
  column: 'requests' | 'errors' | 'usage_unknown' | 'cost_unknown' | (typeof TOKEN_BUCKETS)[number][1],
): bigint {
  return rows.reduce((sum, row) => sum + row[column], 0n);
}

function costsOf(rows: readonly TrendRow[]): Money[] {
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    sums.set(row.currency, (sums.get(row.currency) ?? 0n) + BigInt(row.cost_nanos));
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, nanos]) => ({ currency, nanos }));
}

function mergedHistogram(rows: readonly TrendRow[]): LatencyHistogram {
  const counts = new Map<number, bigint>();
  for (const row of rows) {
    for (const [index, bucket] of row.latency_buckets.entries()) {
      counts.set(bucket, (counts.get(bucket) ?? 0n) + row.latency_counts[index]!);
    }
  }
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return { buckets: sorted.map(([bucket]) => bucket), counts: sorted.map(([, count]) => count) };
}

function percentilesOf(histogram: LatencyHistogram): LatencyPercentiles | undefined {
  return histogram.buckets.length === 0
    ? undefined
    : {
        p50Us: latencyPercentileUs(histogram, 0.5)!,
        p95Us: latencyPercentileUs(histogram, 0.95)!,
        p99Us: latencyPercentileUs(histogram, 0.99)!,
      };
}
