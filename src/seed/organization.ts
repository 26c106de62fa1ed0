/** The i-th organization: everything about it that its rows and the rows of its tables are made from. */

import { chance, draw, heavyTailedSize, pick } from './draw.js';
import {
  NAMED_ORGANIZATIONS,
  type NamedOrganization,
  type OrganizationStatus,
} from './named-organizations.js';
import type { RandomWords } from './philox.js';
import { seedUuid } from './seed-uuid.js';
import { DAY_MS, organizationTimeMs } from './timeline.js';
import { ADJECTIVES, COMPANY_ENDINGS, NOUNS } from './words.js';

/** The seed that is used unless another is asked for. */
export const DEFAULT_SEED = 1;

/** Most users of one organization; their ordinal must fit the 12-bit counter of an id. */
const MOST_USERS = 4000;

/** Most API keys of one organization. */
const MOST_API_KEYS = 200;

/** One seeded organization. Times are Unix milliseconds. */
export interface SeededOrganization {
  readonly seed: number;
  readonly index: number;
  /** One of the first, whose names people can remember. */
  readonly isNamed: boolean;
  readonly id: string;
  readonly createdAtMs: number;
  readonly deletedAtMs: number | undefined;
  readonly slug: string;
  readonly displayName: string;
  readonly status: OrganizationStatus;
  readonly currency: string;
  readonly timeZone: string;
  /** Users whose first organization this is; the first of them is the owner. */
  readonly userCount: number;
  readonly apiKeyCount: number;
  /** The organization whose owner is a guest here, if any: always an earlier one. */
  readonly guestFrom: number | undefined;
}

/** Where an account lives decides its currency and its clock. */
const REGIONS: readonly (readonly [currency: string, timeZone: string])[] = [
  ['USD', 'America/New_York'],
  ['USD', 'America/Los_Angeles'],
  ['USD', 'America/Sao_Paulo'],
  ['USD', 'Asia/Kolkata'],
  ['USD', 'Asia/Tokyo'],
  ['USD', 'UTC'],
  ['EUR', 'Europe/Paris'],
  ['EUR', 'Europe/Berlin'],
];

/**
 * Organization `index` under a seed.
 * @param seed integer from 0 to 2³² - 1
 * @param index from 0 to `MOST_ORGANIZATIONS` - 1
 */
export function seededOrganization(seed: number, index: number): SeededOrganization {
  const choices = draw(seed, 'organization', index);
  const sizes = draw(seed, 'organizationSize', index);
  const createdAtMs = organizationTimeMs(index);
  const named = NAMED_ORGANIZATIONS[index] ?? drawNamed(index, choices, sizes);
  const [currency, timeZone] = pick(REGIONS, choices.c >>> 16);
  return {
    seed,
    index,
    isNamed: index < NAMED_ORGANIZATIONS.length,
    id: organizationId(seed, index),
    createdAtMs,
    deletedAtMs: named.isDeleted ? createdAtMs + (1 + (choices.c % 60)) * DAY_MS : undefined,
    slug: named.slug,
    displayName: named.displayName,
    status: named.status ?? 'active',
    currency,
    timeZone,
    userCount: named.userCount,
    apiKeyCount: named.apiKeyCount,
    guestFrom: drawGuest(index, sizes),
  };
}

/** The id of organization `index`: its time, then bits of the seed. */
export function organizationId(seed: number, index: number): string {
  const { a, b } = draw(seed, 'organizationId', index);
  return seedUuid(organizationTimeMs(index), 0, a, b);
}

function drawNamed(index: number, choices: RandomWords, sizes: RandomWords): NamedOrganization {
  const adjective = pick(ADJECTIVES, choices.a);
  const noun = pick(NOUNS, choices.a >>> 8);
  const isDeleted = chance(choices.b, 2);
  return {
    slug: `${adjective}-${noun}-${index.toString(36)}`,
    displayName: `${capitalized(adjective)} ${capitalized(noun)}${pick(COMPANY_ENDINGS, choices.a >>> 16)}`,
    userCount: heavyTailedSize(sizes.a, MOST_USERS),
    apiKeyCount: heavyTailedSize(sizes.b, MOST_API_KEYS),
    status: isDeleted ? 'closed' : drawStatus(choices.d),
    isDeleted,
  };
}

function drawStatus(word: number): OrganizationStatus {
  if (chance(word, 96)) {
    return 'active';
  }
  return chance(word, 99) ? 'suspended' : 'closed';
}

/** A guest comes from one of so many organizations before this one: people know their contemporaries. */
const GUEST_REACH = 4096;

/** One organization in eight has a guest. */
function drawGuest(index: number, sizes: RandomWords): number | undefined {
  const isVisited = index > 0 && chance(sizes.c, 12.5);
  return isVisited ? index - 1 - (sizes.d % Math.min(index, GUEST_REACH)) : undefined;
}

function capitalized(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
