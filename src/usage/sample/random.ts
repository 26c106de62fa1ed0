/**
 * Random numbers that are the same everywhere for the same seed: xoshiro128** 1.1 (Blackman and Vigna,
 * "Scrambled linear pseudorandom number generators", 2021), its state taken from SHA-256 of the seed. Not for
 * secrets.
 */
import { createHash } from 'node:crypto';

export interface Random {
  /** Evenly distributed in 0 to 2^32 - 1. */
  uint32(): number;
  /** Evenly distributed above 0 and below 1. */
  uniform(): number;
  /** Normally distributed with mean 0 and standard deviation 1. */
  normal(): number;
}

/** A stream of its own for each name: drawing more from one changes nothing in another. */
export function randomStream(seed: string, name: string): Random {
  const digest = createHash('sha256').update(`${seed}\0${name}`).digest();
  const state = new Uint32Array([0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset)));
  const uint32 = (): number => nextXoshiro(state);
  const uniform = (): number => (uint32() + 0.5) / 4_294_967_296;
  let spare: number | undefined;
  return {
    uint32,
    uniform,
    normal: () => {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const [first, second] = normalPair(uniform);
      spare = second;
      return first;
    },
  };
}

/** The next number of a state of four 32-bit words, which it moves on. */
export function nextXoshiro(state: Uint32Array): number {
  const [s0, s1, s2, s3] = state as unknown as [number, number, number, number];
  const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
  const x2 = s2 ^ s0;
  const x3 = s3 ^ s1;
  state[1] = s1 ^ x2;
  state[0] = s0 ^ x3;
  state[2] = x2 ^ (s1 << 9);
  state[3] = rotateLeft(x3, 11);
  return result;
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Marsaglia's polar method: no sines, whose last digit differs from one machine to another. */
function normalPair(uniform: () => number): [number, number] {
  for (;;) {
    const x = 2 * uniform() - 1;
    const y = 2 * uniform() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) {
      const scale = Math.sqrt((-2 * Math.log(square)) / square);
      return [x * scale, y * scale];
    }
  }
}

/** Chooses among weights: `pick(u)` is the index whose part of the whole `u`, from 0 to 1, falls into. */
export function weightedPick(weights: readonly number[]): (u: number) => number {
  const ends: number[] = [];
  let total = 0;
  for (const weight of weights) {
    total += weight;
    ends.push(total);
  }
  return (u) => pickFrom(ends, u);
}

/** The same over sums that are kept by the caller: `ends` rises to the whole. */
export function pickFrom(ends: ArrayLike<number>, u: number): number {
  const wanted = u * ends[ends.length - 1]!;
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! > wanted) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** `n` weights falling as 1, 1/2^exponent, 1/3^exponent …: a few take most, a long tail the rest. */
export function zipfWeights(n: number, exponent: number): number[] {
  return Array.from({ length: n }, (_, index) => (index + 1) ** -exponent);
}
