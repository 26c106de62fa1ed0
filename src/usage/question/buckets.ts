/**
 * The buckets of a question: spans of a time zone. A day has as many hours as the clocks give it, 23 and 25 at the
 * changes of summer time; weeks begin on Monday; quarters of an hour and hours are those that clocks show.
 */
import { USAGE_ERRORS } from '../errors.js';
import type { TimeRange } from '../grain.js';
import { momentOf, zoneOffsetMs } from './time-zone.js';

/** The widths that usage can be asked by, finest first. */
export const QUESTION_GRAINS = ['minute', 'quarter-hour', 'hour', 'day', 'week', 'month'] as const;

export type QuestionGrain = (typeof QUESTION_GRAINS)[number];

/** A year of minutes is half a million points; nobody reads more. */
const MOST_BUCKETS = 600_000;

/**
 * The borders of the buckets that a span touches: where each begins, and at last where the last one ends.
 * @throws USAGE_RANGE_INVALID when the span does not end after it begins, or has more than 600,000 buckets
 */
export function bucketBounds(grain: QuestionGrain, timeZone: string, { from, to }: TimeRange): Date[] {
  checkRange({ from, to });
  const bounds = [startOf(grain, timeZone, from.getTime())];
  while (bounds.at(-1)! < to.getTime()) {
    bounds.push(nextOf(grain, timeZone, bounds.at(-1)!));
    if (bounds.length > MOST_BUCKETS + 1) {
      throw USAGE_ERRORS.RANGE_INVALID({
        message: `Cannot show usage by ${grain} from ${from.toISOString()} to ${to.toISOString()}: it has more than ${MOST_BUCKETS} ${grain}s (a coarser grain or a shorter span was wanted)`,
      });
    }
  }
  return bounds.map((timeMs) => new Date(timeMs));
}

/** The borders of as many buckets that end where those begin. */
export function boundsBefore(grain: QuestionGrain, timeZone: string, bounds: readonly Date[]): Date[] {
  const before = [bounds[0]!.getTime()];
  while (before.length < bounds.length) {
    before.push(startOf(grain, timeZone, before.at(-1)! - 1));
  }
  return before.reverse().map((timeMs) => new Date(timeMs));
}

/** The span before one: as many months or days where it is made of whole ones, else one that is as long. */
export function spanBefore({ from, to }: TimeRange, timeZone: string): TimeRange {
  for (const grain of ['month', 'day'] as const) {
    if ([from, to].every((time) => startOf(grain, timeZone, time.getTime()) === time.getTime())) {
      const bounds = bucketBounds(grain, timeZone, { from, to });
      return { from: boundsBefore(grain, timeZone, bounds)[0]!, to: from };
    }
  }
  return { from: new Date(2 * from.getTime() - to.getTime()), to: from };
}

/** @throws USAGE_RANGE_INVALID when a span does not end after it begins */
export function checkRange({ from, to }: TimeRange): void {
  if (!(from.getTime() < to.getTime())) {
    throw USAGE_ERRORS.RANGE_INVALID({
      message: `Cannot show usage from ${iso(from)} to ${iso(to)}: the end does not come after the beginning (two times, the earlier one first, were wanted)`,
    });
  }
}

function iso(time: Date): string {
  return Number.isNaN(time.getTime()) ? 'no time' : time.toISOString();
}

const WIDTH_MS = { minute: 60_000, 'quarter-hour': 900_000, hour: 3_600_000 } as const;
const DAY_MS = 86_400_000;

function startOf(grain: QuestionGrain, timeZone: string, timeMs: number): number {
  const localMs = timeMs + zoneOffsetMs(timeZone, timeMs);
  if (isByClock(grain)) {
    return Math.floor(localMs / WIDTH_MS[grain]) * WIDTH_MS[grain] - (localMs - timeMs);
  }
  const local = new Date(localMs);
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  const daysIn = grain === 'month' ? day - 1 : grain === 'week' ? (local.getUTCDay() + 6) % 7 : 0;
  return momentOf(timeZone, Date.UTC(year, month, day - daysIn));
}

function nextOf(grain: QuestionGrain, timeZone: string, startMs: number): number {
  if (isByClock(grain)) {
    const next = startMs + WIDTH_MS[grain];
    // Where clocks change by half an hour one hour is shorter or longer, so that the next ones are those of the clock.
    const aligned = startOf(grain, timeZone, next);
    return aligned > startMs ? aligned : next;
  }
  // Noon: a day whose first hour the clocks leap over begins late.
  const local = new Date(startMs + DAY_MS / 2 + zoneOffsetMs(timeZone, startMs + DAY_MS / 2));
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  return momentOf(
    timeZone,
    grain === 'month' ? Date.UTC(year, month + 1) : Date.UTC(year, month, day + (grain === 'week' ? 7 : 1)),
  );
}

function isByClock(grain: QuestionGrain): grain is keyof typeof WIDTH_MS {
  return grain in WIDTH_MS;
}
