/**
 * Estimated numbers of different values from the sketches that rollups keep: HyperLogLog with 2,048 registers
 * (Flajolet, Fusy, Gandouet and Meunier, 2007), read with the estimator of Ertl (New cardinality estimation
 * algorithms for HyperLogLog sketches, 2017, algorithm 6), which needs no table of corrections. Sketches merge by
 * taking the higher rank of each register, in any order, and so reconcile bit for bit.
 */

/** Which registers hold a rank, rising, and what it is. */
export interface DistinctSketch {
  readonly registers: readonly number[];
  readonly ranks: readonly number[];
}

/** The standard error of an estimate, as a share of it: 1.04 / √2048. */
export const DISTINCT_ERROR = 0.023;

const REGISTERS = 2048;
/** The bits of a hash that ranks are counted in. */
const BITS = 37;

/** How many different values the sketches have seen together. */
export function estimatedDistinct(...sketches: readonly DistinctSketch[]): number {
  const highest = new Map<number, number>();
  for (const { registers, ranks } of sketches) {
    for (const [index, register] of registers.entries()) {
      highest.set(register, Math.max(highest.get(register) ?? 0, ranks[index]!));
    }
  }
  const having = new Array<number>(BITS + 2).fill(0);
  having[0] = REGISTERS - highest.size;
  for (const rank of highest.values()) {
    having[rank]! += 1;
  }
  let z = REGISTERS * tau(1 - having[BITS + 1]! / REGISTERS);
  for (let rank = BITS; rank >= 1; rank -= 1) {
    z = 0.5 * (z + having[rank]!);
  }
  z += REGISTERS * sigma(having[0]! / REGISTERS);
  return Math.round((REGISTERS * REGISTERS) / (2 * Math.LN2) / z);
}

function sigma(x: number): number {
  if (x === 1) {
    return Number.POSITIVE_INFINITY;
  }
  let [power, weight, sum] = [x, 1, x];
  for (let before = Number.NaN; before !== sum; ) {
    power *= power;
    before = sum;
    sum += power * weight;
    weight += weight;
  }
  return sum;
}

function tau(x: number): number {
  if (x === 0 || x === 1) {
    return 0;
  }
  let [root, weight, sum] = [x, 1, 1 - x];
  for (let before = Number.NaN; before !== sum; ) {
    root = Math.sqrt(root);
    before = sum;
    weight *= 0.5;
    sum -= (1 - root) ** 2 * weight;
  }
  return sum / 3;
}
