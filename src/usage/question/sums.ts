/** What usage comes to: rows of rollups and of events, of PostgreSQL and of DuckDB, added up. */
import { type Money, TOKEN_BUCKETS, type TokenCounts } from '../event.js';
import { type LatencyHistogram, latencyPercentileUs } from '../rollup/histogram.js';

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
  /** `undefined` when no latency is known, or the source has none: see `UsageSource.hasPercentiles`. */
  readonly latency: LatencyPercentiles | undefined;
}

type Summed = 'requests' | 'errors' | 'usage_unknown' | 'cost_unknown' | (typeof TOKEN_BUCKETS)[number][1];

/** A row of one bucket, one group and one currency. Where it comes from decides which other columns it has. */
export interface UsageRow extends Readonly<Record<Summed, bigint>> {
  readonly bucket_start: Date;
  readonly currency: string;
  /** A whole number: text from PostgreSQL. */
  readonly cost_nanos: string | bigint;
  readonly latency_buckets?: readonly number[];
  readonly latency_counts?: readonly bigint[];
  readonly [dimension: string]: unknown;
}

export function sumsOf(rows: readonly UsageRow[]): UsageSums {
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

/** The rows by a text that tells groups apart, in the order in which groups come up. */
export function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) {
      group.push(row);
    } else {
      groups.set(key, [row]);
    }
  }
  return groups;
}

function sumOf(rows: readonly UsageRow[], column: Summed): bigint {
  return rows.reduce((sum, row) => sum + row[column], 0n);
}

function costsOf(rows: readonly UsageRow[]): Money[] {
  const sums = new Map<string, bigint>();
  for (const row of rows) {
    sums.set(row.currency, (sums.get(row.currency) ?? 0n) + BigInt(row.cost_nanos));
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, nanos]) => ({ currency, nanos }));
}

function mergedHistogram(rows: readonly UsageRow[]): LatencyHistogram {
  const counts = new Map<number, bigint>();
  for (const { latency_buckets = [], latency_counts = [] } of rows) {
    for (const [index, bucket] of latency_buckets.entries()) {
      counts.set(bucket, (counts.get(bucket) ?? 0n) + latency_counts[index]!);
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
