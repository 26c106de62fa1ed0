/** Time zones, by the rules that Node carries: offsets, and moments from what a clock on a wall shows. */
import { parseIsoTime } from '../../core/index.js';
import { USAGE_ERRORS } from '../errors.js';

const formatters = new Map<string, Intl.DateTimeFormat>();

/** @throws USAGE_OPTION_INVALID for a zone that is none */
export function checkTimeZone(timeZone: string): void {
  formatterOf(timeZone);
}

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
export function zoneOffsetMs(timeZone: string, timeMs: number): number {
  if (timeZone === 'UTC') {
    return 0;
  }
  const parts = Object.fromEntries(
    formatterOf(timeZone)
      .formatToParts(timeMs)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(timeMs / 1000) * 1000;
}

/**
 * The moment at which clocks of a zone show a time, given as if it were UTC: the first one where they show it twice,
 * and the moment of the leap where they leap over it.
 */
export function momentOf(timeZone: string, localMs: number): number {
  const before = zoneOffsetMs(timeZone, localMs - DAY_MS);
  const after = zoneOffsetMs(timeZone, localMs + DAY_MS);
  const shows = [before, after]
    .map((offset) => localMs - offset)
    .filter((timeMs) => timeMs + zoneOffsetMs(timeZone, timeMs) === localMs);
  return shows.length > 0 ? Math.min(...shows) : localMs - before;
}

/**
 * Reads a time: with `Z` or an offset that moment, without one what clocks of the zone show.
 * @param text such as 2026-11-21, 2026-11-21T06:30 or 2026-11-21T06:30:00+01:00
 * @throws USAGE_OPTION_INVALID
 */
export function readTime(text: string, timeZone: string): Date {
  const time = parseIsoTime(text);
  if (!time) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: `Cannot read the time '${text}' (such as 2026-11-21 or 2026-11-21T06:30 was wanted)`,
    });
  }
  const { clockMs, offsetMs } = time;
  return new Date(offsetMs === undefined ? momentOf(timeZone, clockMs) : clockMs - offsetMs);
}

const DAY_MS = 86_400_000;

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) {
    return known;
  }
  try {
    const made = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(timeZone, made);
    return made;
  } catch (cause) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: `Cannot use the time zone '${timeZone}': it is not known (a name such as Europe/Paris was wanted)`,
      cause,
    });
  }
}
