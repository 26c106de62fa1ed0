/** The users that an organization brings. A user is global; its first organization only decides its number. */
import { copyLine, copyTime, copyTimes } from './copy-line.js';
import { chance, draw } from './draw.js';
import type { SeededOrganization } from './organization.js';
import { linesOf, type SeedTable } from './seed-table.js';
import { seedUuid } from './seed-uuid.js';
import { DAY_MS, organizationTimeMs } from './timeline.js';
import { asciiOf, FAMILY_NAMES, GIVEN_NAMES } from './words.js';

/** One seeded user. Times are Unix milliseconds. */
export interface SeededUser {
  readonly id: string;
  readonly createdAtMs: number;
  readonly deletedAtMs: number | undefined;
  readonly email: string;
  readonly displayName: string;
  readonly status: 'invited' | 'active' | 'suspended';
}

/** The ordinal of the user that owns the organization; never deleted, always active. */
export const OWNER = 0;

/** User `ordinal` of the organization, from 0 up to its `userCount`. */
export function seededUser(organization: SeededOrganization, ordinal: number): SeededUser {
  const { a, b, c } = draw(organization.seed, 'user', organization.index, ordinal);
  const { given, family } = personName(organization, ordinal);
  const local = ordinal === OWNER ? 'owner' : `${ASCII_GIVEN_NAMES[given]}.${ASCII_FAMILY_NAMES[family]}`;
  return {
    id: userId(organization.seed, organization.index, ordinal),
    createdAtMs: organization.createdAtMs,
    deletedAtMs:
      ordinal !== OWNER && chance(a, 2) ? organization.createdAtMs + (30 + (c % 60)) * DAY_MS : undefined,
    email: `${local}@${organization.slug}.example`,
    displayName: `${GIVEN_NAMES[given]} ${FAMILY_NAMES[family]}`,
    status: ordinal === OWNER ? 'active' : drawStatus(b),
  };
}

/** The id of a user: the time of the organization that it came with, then its ordinal, then bits of the seed. */
export function userId(seed: number, organizationIndex: number, ordinal: number): string {
  const { a, b } = draw(seed, 'userId', organizationIndex, ordinal);
  return seedUuid(organizationTimeMs(organizationIndex), ordinal, a, b);
}

const ASCII_GIVEN_NAMES = GIVEN_NAMES.map(asciiOf);
const ASCII_FAMILY_NAMES = FAMILY_NAMES.map(asciiOf);

/** Odd, so that `ordinal * STRIDE` meets each of the 4,096 full names once before it repeats. */
const NAME_STRIDE = 1597;

/** Walks through all full names from a place of the organization's own: no two users of it are namesakes. */
function personName(organization: SeededOrganization, ordinal: number): { given: number; family: number } {
  const start = draw(organization.seed, 'personName', organization.index).a;
  const name = (start + ordinal * NAME_STRIDE) % (GIVEN_NAMES.length * FAMILY_NAMES.length);
  return { given: name % GIVEN_NAMES.length, family: Math.floor(name / GIVEN_NAMES.length) };
}

function drawStatus(word: number): SeededUser['status'] {
  if (chance(word, 93)) {
    return 'active';
  }
  return chance(word, 98) ? 'invited' : 'suspended';
}

export const USERS: SeedTable = {
  name: 'platform.users',
  columns: ['id', 'created_at', 'updated_at', 'deleted_at', 'email', 'display_name', 'status'],
  keyColumns: 1,
  lines: (organization) =>
    linesOf(organization.userCount, (ordinal) => userLine(seededUser(organization, ordinal))),
};

function userLine(user: SeededUser): string {
  return copyLine([
    user.id,
    ...copyTimes(user.createdAtMs, user.deletedAtMs),
    copyTime(user.deletedAtMs),
    user.email,
    user.displayName,
    user.status,
  ]);
}
