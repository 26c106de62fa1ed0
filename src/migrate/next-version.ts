/**
 * The version of a new migration: it goes on as the folder has begun. Times in UTC keep their number of digits
 * (`YYYYMMDDHHMM`, with seconds, with milliseconds), times since 1970 their unit, and counters their zeros.
 */
export function nextVersion(newest: string | undefined, time: Date): string {
  const digits = /^\d+/.exec(newest ?? '')?.[0];
  if (newest === undefined || digits === undefined) {
    return utcDigits(time, MINUTE_DIGITS);
  }
  // How Prisma and Diesel call what was there before the first migration.
  if (/^0(0{13})?$/.test(digits)) {
    return utcDigits(time, SECOND_DIGITS);
  }
  const now = timeLike(digits, time);
  if (now !== undefined && BigInt(now) > BigInt(digits)) {
    return now;
  }
  return /^20\d{10,15}$/.test(digits) ? afterTime(digits) : countOn(/^\d+(?:[._]\d+)*/.exec(newest)![0]);
}

const MINUTE_DIGITS = 12;
const SECOND_DIGITS = 14;

/** The time in the form that `digits` has, if they are a time. */
function timeLike(digits: string, time: Date): string | undefined {
  if (/^20\d{6}(\d{4}(\d{2}(\d{3})?)?)?$/.test(digits)) {
    return utcDigits(time, digits.length);
  }
  const milliseconds = time.getTime();
  return /^1\d{9}$/.test(digits)
    ? String(Math.floor(milliseconds / 1000))
    : /^1\d{12}$/.test(digits)
      ? String(milliseconds)
      : undefined;
}

/** `20261121060000000`, cut to so many digits. */
function utcDigits(time: Date, count: number): string {
  return time.toISOString().replace(/\D/g, '').slice(0, count);
}

/** A minute, a second or a millisecond later: the newest version lies in the future. */
function afterTime(digits: string): string {
  const [, year, month, day, hour, minute, second = '00', millisecond = '000'] =
    /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(\d{3})?$/.exec(digits) ?? [];
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`);
  const step = digits.length === MINUTE_DIGITS ? 60_000 : digits.length === SECOND_DIGITS ? 1000 : 1;
  return Number.isNaN(time) ? countOn(digits) : utcDigits(new Date(time + step), digits.length);
}

/** `003` → `004`, `1.9` → `1.10`: the last number grows by one and keeps its width. */
function countOn(version: string): string {
  return version.replace(/\d+(?=\D*$)/, (last) => String(BigInt(last) + 1n).padStart(last.length, '0'));
}
