/**
 * Latencies in a fixed histogram, as rollups keep it: bucket b holds what is above 1.0202^(b-1) and up to
 * 1.0202^b microseconds. Histograms add up bucket by bucket, in any order; a percentile read from one is at
 * most 1 % from the exact one (nearest rank).
 */

/** Which buckets hold values, rising, and how many each. */
export interface LatencyHistogram {
  readonly buckets: readonly number[];
  readonly counts: readonly bigint[];
}

/** The most that a percentile from a histogram is off, as a share of the exact one (from 1 microsecond on). */
export const PERCENTILE_ERROR = 0.01;

const GAMMA = 1.0202;

/** The latency that stands for a bucket: the one whose relative distance to both ends is the same. */
export function latencyBucketUs(bucket: number): number {
  return (2 * GAMMA ** bucket) / (GAMMA + 1);
}

/**
 * The latency, in microseconds, that a share of all latencies does not exceed; `undefined` for none.
 * @param share above 0 and at most 1; 0.95 for the 95th percentile
 */
export function latencyPercentileUs(histogram: LatencyHistogram, share: number): number | undefined {
  const total = histogram.counts.reduce((sum, count) => sum + count, 0n);
  const rank = BigInt(Math.ceil(share * Number(total)));
  let seen = 0n;
  for (const [index, count] of histogram.counts.entries()) {
    seen += count;
    if (seen >= rank) {
      return latencyBucketUs(histogram.buckets[index]!);
    }
  }
  return undefined;
}
