/**
 * Philox4x32-10, a counter-based random number generator: a keyed function from a 128-bit counter to 128 random
 * bits. There is no state to carry along, so the millionth organization costs what the first one does and any
 * range can be made again by itself. A linear or xor-shift generator would have to be run up to the place, and
 * a cryptographic hash is several times slower.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */

/** 128 random bits, as four integers from 0 to 2³² - 1. */
export interface RandomWords {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/** The random words of a counter under a key; every argument is an integer from 0 to 2³² - 1. */
export function philox4x32(
  key: readonly [number, number],
  counter: readonly [number, number, number, number],
): RandomWords {
  let [key0, key1] = key;
  let [a, b, c, d] = counter;
  for (let round = 0; round < ROUNDS; round += 1) {
    const high0 = multiplyHigh(MULTIPLIER_0, a);
    const low0 = Math.imul(MULTIPLIER_0, a);
    const high1 = multiplyHigh(MULTIPLIER_1, c);
    const low1 = Math.imul(MULTIPLIER_1, c);
    a = (high1 ^ b ^ key0) >>> 0;
    b = low1 >>> 0;
    c = (high0 ^ d ^ key1) >>> 0;
    d = low0 >>> 0;
    key0 = (key0 + WEYL_0) >>> 0;
    key1 = (key1 + WEYL_1) >>> 0;
  }
  return { a, b, c, d };
}

const HALF = 0x10000;

/** The upper 32 bits of the 64-bit product of two unsigned 32-bit integers; each step is exact in doubles. */
function multiplyHigh(x: number, y: number): number {
  const low = Math.floor((x * (y & 0xffff)) / HALF);
  return Math.floor((x * (y >>> 16) + low) / HALF);
}
