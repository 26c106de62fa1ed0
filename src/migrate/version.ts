/**
 * Orders versions as their tools do: runs of digits count as numbers, so `9` comes before `10`, `1.2` before
 * `1.10`, and `202611210600` after `20261121`. Everything else between digits is a separator.
 */
export function compareVersions(a: string, b: string): number {
  const left = a.match(/\d+/g) ?? [];
  const right = b.match(/\d+/g) ?? [];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareDigits(left[index] ?? '', right[index] ?? '');
    if (order !== 0) {
      return order;
    }
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Compares two runs of digits by value, whatever their length; a missing one is the smallest. */
function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+(?=\d)/, '');
  const right = b.replace(/^0+(?=\d)/, '');
  if (left.length !== right.length) {
    return left.length - right.length;
  }
  return left < right ? -1 : left > right ? 1 : 0;
}
