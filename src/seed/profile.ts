import { nearest } from '../core/index.js';
import { SEED_ERRORS } from './errors.js';

/**
 * The sizes that have a name. A larger profile begins with the rows of a smaller one, so a database goes from one
 * to the next by seeding again.
 */
export const SEED_PROFILES = {
  /** The named organizations: enough to sign in, to look around, and to meet each state once. */
  dev: 12,
  /** Enough for every branch of a service, and for paging. */
  ci: 200,
  /** Enough for plans and caches to behave as in production. */
  staging: 10_000,
} as const;

export type SeedProfile = keyof typeof SEED_PROFILES;

/** Most organizations that can be asked for: their times stay apart, and before the foundation was made. */
export const MOST_ORGANIZATIONS = 100_000_000;

/** The profile of that name. @throws SEED_PROFILE_UNKNOWN */
export function seedProfile(name: string): SeedProfile {
  if (Object.hasOwn(SEED_PROFILES, name)) {
    return name as SeedProfile;
  }
  const known = Object.keys(SEED_PROFILES);
  const similar = nearest(name, known);
  throw SEED_ERRORS.PROFILE_UNKNOWN({
    message: `Cannot seed with the profile '${name}': there is none of that name (${known.join(', ')} were wanted)`,
    ...(similar ? { hint: `Did you mean '${similar}'?` } : {}),
    details: { profile: name },
  });
}

/** The greatest seed number. */
export const MOST_SEED = 2 ** 32 - 1;

/** @throws SEED_SIZE_INVALID unless the value is a whole number within the limits */
export function checkWhole(what: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw SEED_ERRORS.SIZE_INVALID({
      message: `Cannot seed: ${what} is ${value} (a whole number from ${least} to ${most} was wanted)`,
      details: { value, least, most },
    });
  }
}
