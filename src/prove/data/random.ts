import { philox4x32 } from '../../seed/index.js';

/** A stream of random choices: the same for the same seed and the same names. */
export interface Random {
  /** An integer from 0 to 2³² - 1. */
  word(): number;
  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number;
  pick<T>(choices: readonly T[]): T;
  chance(percent: number): boolean;
}

/** The stream for what `names` say; streams of other names are independent of it. */
export function randomOf(seed: number, ...names: readonly (string | number)[]): Random {
  const stream = hashOf(JSON.stringify(names));
  let count = 0;
  const word = (): number => {
    count += 1;
    return philox4x32([seed >>> 0, KEY], [count, stream[0], stream[1], 0]).a;
  };
  const below = (limit: number): number => word() % limit;
  return {
    word,
    below,
    pick: (choices) => choices[below(choices.length)]!,
    chance: (percent) => below(100) < percent,
  };
}

/** The second half of the generator's key: the ASCII codes of `prov`. */
const KEY = 0x70726f76;

/** Two FNV-1a hashes of 32 bits. */
function hashOf(text: string): readonly [number, number] {
  let a = 0x811c9dc5;
  let b = 0xcbf29ce4;
  for (let place = 0; place < text.length; place += 1) {
    a = Math.imul(a ^ text.charCodeAt(place), 0x01000193);
    b = Math.imul(b ^ (text.charCodeAt(place) + 0x9e), 0x01000193);
  }
  return [a >>> 0, b >>> 0];
}
