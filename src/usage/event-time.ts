/** Times in usage files: ISO 8601 with a space or a T, to the nanosecond, UTC unless it says otherwise. */

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?$/;

const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** Excluded. Well inside what the 48 bits of an event's id and the database's arithmetic hold exactly. */
export const LATEST_MS = Date.UTC(2200, 0, 1);

export const TIME_WANTED = 'a time of the years 2000 to 2199 such as 2026-01-31T12:00:00.000Z';

/** Milliseconds since 1970; what is finer is cut off. `undefined` when it is no time, or out of bounds. */
export function parseTimeMs(text: string): number | undefined {
  const parts = TIME.exec(text);
  if (!parts) {
    return undefined;
  }
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const [hour, minute, second] = [Number(parts[4]), Number(parts[5]), Number(parts[6])];
  const midnight = Date.UTC(year, month - 1, day);
  const isDay = month >= 1 && month <= 12 && new Date(midnight).getUTCDate() === day;
  if (!isDay || hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  const fraction = parts[7] === undefined ? 0 : Math.floor(Number(parts[7].padEnd(9, '0')) / 1e6);
  const time = midnight + ((hour * 60 + minute) * 60 + second) * 1000 + fraction - offsetMs(parts);
  return inBounds(time) ? time : undefined;
}

/** Whether events may lie at that time. */
export function inBounds(timeMs: number): boolean {
  return timeMs >= EARLIEST_MS && timeMs < LATEST_MS;
}

function offsetMs(parts: RegExpExecArray): number {
  const minutes = parts[8] === undefined ? 0 : Number(parts[9]) * 60 + Number(parts[10] ?? 0);
  return (parts[8] === '-' ? -minutes : minutes) * 60_000;
}
