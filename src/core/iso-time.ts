/** A time that a person typed, as far as it says. */
export interface IsoTime {
  /** What a clock would show, in milliseconds as if it were UTC. */
  readonly clockMs: number;
  /** How far that clock is ahead of UTC; `undefined` where the text does not say. */
  readonly offsetMs: number | undefined;
}

/**
 * Reads ISO 8601: a day, or a day and a time to the minute or finer, perhaps with `Z` or an offset. `undefined` for
 * anything else, and for what no calendar or clock has: `Date.parse` makes the 3rd of March of the 31st of February.
 */
export function parseIsoTime(text: string): IsoTime | undefined {
  const [, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = ISO_TIME.exec(text) ?? [];
  const midnight = day === undefined ? Number.NaN : Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) {
    return undefined;
  }
  const offsetMs = zone === undefined ? undefined : offsetOf(zone);
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || Number.isNaN(offsetMs)) {
    return undefined;
  }
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  return { clockMs: midnight + seconds * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3)), offsetMs };
}

const ISO_TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/;

function offsetOf(zone: string): number {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return Number(hours) > 14 || Number(minutes) > 59 ? Number.NaN : sign === '-' ? -ms : ms;
}
