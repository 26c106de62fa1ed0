import type { Random } from '../random.js';

/** What can be written into a column of one type, as the text that the type reads. */
export interface TypeValues {
  /** How many different values `nth` gives; infinity where there are more than anybody asks for. */
  readonly size: number;
  /** The n-th of different values, ascending where the type has an order; `n` from 0 to `size` - 1. */
  nth(n: number): string;
  /** What is rare, long, empty, extreme or nasty; each is a value of the type. */
  readonly edges: readonly string[];
}

/** Where the numbers of ordinary values end: small enough for every use, large enough to seldom meet. */
const ORDINARY = 1_000_000;

/** An ordinary value. */
export function ordinary(values: TypeValues, random: Random): string {
  return values.nth(random.below(Math.min(values.size, ORDINARY)));
}

/** The values of a list, in its order. */
export function listed(list: readonly string[], edges: readonly string[] = []): TypeValues {
  return { size: list.length, nth: (n) => list[n % list.length]!, edges };
}

/** Values that are written by one function of their number. */
export function counted(size: number, nth: (n: number) => string, edges: readonly string[] = []): TypeValues {
  return { size, nth, edges };
}
