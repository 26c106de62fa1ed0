/**
 * The fewest names that must move to turn one order of the same names into another: all but a longest run of names
 * that stand in the same order in both. In the order of `after`.
 * Source: patience sorting; Fredman, "On computing the length of longest increasing subsequences" (1975).
 */
export function movedNames(before: readonly string[], after: readonly string[]): string[] {
  if (before.every((name, place) => name === after[place])) {
    return [];
  }
  const places = new Map(before.map((name, place) => [name, place]));
  const staying = new Set(longestIncrease(after.map((name) => places.get(name)!)));
  return after.filter((name) => !staying.has(places.get(name)!));
}

/** A longest increasing subsequence of distinct numbers. */
function longestIncrease(numbers: readonly number[]): number[] {
  /** The smallest last number of an increase of each length. */
  const tails: number[] = [];
  const previous = new Map<number, number | undefined>();
  for (const number of numbers) {
    const length = countBelow(tails, number);
    previous.set(number, tails[length - 1]);
    tails[length] = number;
  }
  const increase: number[] = [];
  for (let number = tails.at(-1); number !== undefined; number = previous.get(number)) {
    increase.push(number);
  }
  return increase.reverse();
}

/** How many of the ascending numbers are below the limit. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! < limit) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
