/** The spans that usage is summed over. All of them are UTC. */
import { USAGE_ERRORS } from './errors.js';

/** Finest first; each is made of whole buckets of the ones before it. */
export const GRAINS = ['minute', 'quarter-hour', 'hour', 'day', 'month'] as const;

export type Grain = (typeof GRAINS)[number];

/** A span of time; `from` is included, `to` is not. */
export interface TimeRange {
  readonly from: Date;
  readonly to: Date;
}

const WIDTH_MS = { minute: 60_000, 'quarter-hour': 900_000, hour: 3_600_000, day: 86_400_000 } as const;

/** The beginning of the bucket that a time is in. */
export function bucketStart(grain: Grain, time: Date): Date {
  return grain === 'month'
    ? new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth()))
    : new Date(Math.floor(time.getTime() / WIDTH_MS[grain]) * WIDTH_MS[grain]);
}

/** The beginning of the bucket after the one that begins at `start`. */
export function nextBucket(grain: Grain, start: Date): Date {
  return grain === 'month'
    ? new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1))
    : new Date(start.getTime() + WIDTH_MS[grain]);
}

/**
 * The whole buckets that a span touches.
 * @throws USAGE_RANGE_INVALID when it does not end after it begins
 */
export function wholeBuckets(grain: Grain, { from, to }: TimeRange): TimeRange {
  if (!(from.getTime() < to.getTime())) {
    throw USAGE_ERRORS.RANGE_INVALID({
      message: `Cannot take the ${grain}s from ${iso(from)} to ${iso(to)}: the end does not come after the beginning (two times, the earlier one first, were wanted)`,
    });
  }
  const last = bucketStart(grain, new Date(to.getTime() - 1));
  return { from: bucketStart(grain, from), to: nextBucket(grain, last) };
}

/** A time for a message; also of a `Date` that holds none. */
function iso(time: Date): string {
  return Number.isNaN(time.getTime()) ? 'no time' : time.toISOString();
}

/** The beginnings of the buckets that a span touches. @throws as `wholeBuckets` */
export function bucketStarts(grain: Grain, range: TimeRange): Date[] {
  const { from, to } = wholeBuckets(grain, range);
  const starts: Date[] = [];
  for (let start = from; start < to; start = nextBucket(grain, start)) {
    starts.push(start);
  }
  return starts;
}

/** Whether every bucket of `coarse` is made of whole buckets of `fine`. */
export function isAtLeastAsFine(fine: Grain, coarse: Grain): boolean {
  return GRAINS.indexOf(fine) <= GRAINS.indexOf(coarse);
}
