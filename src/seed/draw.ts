/** The random choices of the seed: every one is a pure function of the seed and of what it is drawn for. */
import { philox4x32, type RandomWords } from './philox.js';

/** What a draw is for; draws for different things are independent of one another. */
export type DrawPurpose = keyof typeof PURPOSES;

/** The numbers are part of the generator: changing one changes the data. */
const PURPOSES = {
  organizationId: 1,
  organization: 2,
  organizationSize: 3,
  userId: 4,
  user: 5,
  personName: 6,
  membership: 7,
  guest: 8,
  apiKeyId: 9,
  apiKey: 10,
  apiKeyPrefix: 11,
  apiKeySecret: 12,
  apiKeySecretRest: 13,
  entitlement: 14,
  budgetId: 15,
  budget: 16,
  catalogueId: 17,
} as const;

/** The second half of the generator's key: the ASCII codes of `seed`. */
const KEY = 0x73656564;

/**
 * 128 random bits for one purpose.
 * @param seed integer from 0 to 2³² - 1
 * @param index of the organization (of the row, for the catalogue)
 * @param ordinal of the row within its organization
 */
export function draw(seed: number, purpose: DrawPurpose, index: number, ordinal = 0): RandomWords {
  return philox4x32([seed, KEY], [index, ordinal, PURPOSES[purpose], 0]);
}

const WORD_VALUES = 2 ** 32;

/** One of `choices`, all equally likely (to one part in millions). */
export function pick<T>(choices: readonly T[], word: number): T {
  return choices[word % choices.length]!;
}

/** True in `percent` of 100 draws. */
export function chance(word: number, percent: number): boolean {
  return word * 100 < percent * WORD_VALUES;
}

/**
 * A size from 1 up to `most`, heavy-tailed: at least `s` with probability s^(-16/9), a Pareto law in whole numbers.
 * Seven in ten are 1, nine in ten at most 3, one in 215,000 at least 1,000. Only square roots, which every machine
 * rounds alike: u^(-9/16) is 1 / (u^(1/2) u^(1/16)).
 */
export function heavyTailedSize(word: number, most: number): number {
  const half = Math.sqrt((word + 1) / WORD_VALUES);
  const sixteenth = Math.sqrt(Math.sqrt(Math.sqrt(half)));
  return Math.min(most, Math.floor(1 / (half * sixteenth)));
}
