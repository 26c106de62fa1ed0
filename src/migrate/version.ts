/**
 * Orders versions as their tools do. Most versions are numbers: their runs of digits count by value, so `9`
 * comes before `10`, `1.2` before `1.10`, and `202611210600` after `20261121`; what stands between is a
 * separator. Some tools take the whole name of a file as its version (sql-migrate, node-pg-migrate, Prisma):
 * such names are ordered by the number they begin with, then letter by letter.
 */
export function compareVersions(a: string, b: string): number {
  const byNumber = isName(a) || isName(b) ? compareNameNumbers(a, b) : compareNumbers(a, b);
  return byNumber !== 0 ? byNumber : a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The version that a person means by `wanted`: the one of that name; the same number in other digits (`1` for
 * `001`); or the only one that begins with it (`20240304123642` for `20240304123642_add_users`).
 */
export function findVersion(versions: readonly string[], wanted: string): string | undefined {
  if (versions.includes(wanted)) {
    return wanted;
  }
  const number = withoutZeros(wanted);
  const equal = versions.filter((version) => !isName(version) && withoutZeros(version) === number);
  const begun = versions.filter((version) => isName(version) && /^[_-]/.test(rest(version, wanted)));
  const found = equal.length > 0 ? equal : begun;
  return found.length === 1 ? found[0] : undefined;
}

function rest(version: string, beginning: string): string {
  return version.startsWith(beginning) ? version.slice(beginning.length) : '';
}

function isName(version: string): boolean {
  return /\p{L}/u.test(version);
}

function compareNumbers(a: string, b: string): number {
  const left = a.match(/\d+/g) ?? [];
  const right = b.match(/\d+/g) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareDigits(withoutZeros(left[index] ?? ''), withoutZeros(right[index] ?? ''));
    if (order !== 0) {
      return order;
    }
  }
  return 0;
}

/** Counters by value; dates, which are longer than any counter, letter by letter, as names go. */
function compareNameNumbers(a: string, b: string): number {
  const left = withoutZeros(/^\d*/.exec(a)![0]);
  const right = withoutZeros(/^\d*/.exec(b)![0]);
  const bothDates = left.length >= DATE_DIGITS && right.length >= DATE_DIGITS;
  return bothDates ? 0 : compareDigits(left, right);
}

/** `20261121` */
const DATE_DIGITS = 8;

function withoutZeros(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}

/** Compares two runs of digits by value; a missing one is the smallest. */
function compareDigits(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
