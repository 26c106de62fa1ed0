/** Who belongs to an organization: the users that came with it, and at times the owner of an earlier one. */
import { copyLine, copyTime, copyTimes } from './copy-line.js';
import { chance, draw, pick } from './draw.js';
import type { SeededOrganization } from './organization.js';
import { linesOf, type SeedTable } from './seed-table.js';
import { DAY_MS, MINUTE_MS } from './timeline.js';
import { OWNER, seededUser, userId } from './user.js';

export type MembershipRole = 'owner' | 'admin' | 'developer' | 'viewer' | 'billing';

/** One seeded membership. Times are Unix milliseconds. */
export interface SeededMembership {
  readonly userId: string;
  readonly createdAtMs: number;
  readonly deletedAtMs: number | undefined;
  readonly role: MembershipRole;
}

/** In ten drawn members: most build, some look on. */
const ROLES: readonly MembershipRole[] = [
  'admin',
  'developer',
  'developer',
  'developer',
  'developer',
  'developer',
  'viewer',
  'viewer',
  'viewer',
  'billing',
];

/** The first members of an organization of some size, so that small ones show each role too. */
const FIRST_ROLES: readonly MembershipRole[] = ['owner', 'admin', 'developer', 'billing', 'viewer'];

/** The membership of user `ordinal` in the organization that it came with. */
function seededMembership(organization: SeededOrganization, ordinal: number): SeededMembership {
  const user = seededUser(organization, ordinal);
  const { a, b, c } = draw(organization.seed, 'membership', organization.index, ordinal);
  const createdAtMs = organization.createdAtMs + ordinal * 10 * MINUTE_MS;
  const leftAtMs = ordinal !== OWNER && chance(b, 4) ? createdAtMs + (1 + (c % 90)) * DAY_MS : undefined;
  return {
    userId: user.id,
    createdAtMs,
    deletedAtMs: leftAtMs ?? user.deletedAtMs,
    role: FIRST_ROLES[ordinal] ?? pick(ROLES, a),
  };
}

/** The membership of the organization's guest, who came with an earlier organization. */
function guestMembership(organization: SeededOrganization): SeededMembership | undefined {
  if (organization.guestFrom === undefined) {
    return undefined;
  }
  const { a, b } = draw(organization.seed, 'guest', organization.index);
  return {
    userId: userId(organization.seed, organization.guestFrom, OWNER),
    createdAtMs: organization.createdAtMs + (1 + (b % 20)) * DAY_MS,
    deletedAtMs: undefined,
    role: pick(ROLES, a),
  };
}

export const MEMBERSHIPS: SeedTable = {
  name: 'platform.memberships',
  columns: ['organization_id', 'user_id', 'created_at', 'updated_at', 'deleted_at', 'role'],
  keyColumns: 2,
  // The guest comes from an earlier organization, so its id is the smallest.
  lines: (organization) => {
    const guest = guestMembership(organization);
    const own = linesOf(organization.userCount, (ordinal) =>
      membershipLine(organization, seededMembership(organization, ordinal)),
    );
    return guest ? [membershipLine(organization, guest), ...own] : own;
  },
};

function membershipLine(organization: SeededOrganization, membership: SeededMembership): string {
  return copyLine([
    organization.id,
    membership.userId,
    ...copyTimes(membership.createdAtMs, membership.deletedAtMs),
    copyTime(membership.deletedAtMs),
    membership.role,
  ]);
}
