/**
 * When the seeded organizations came. Their number doubles every 30 days from the first one on, so a dozen spread
 * over months and ten million over two years, all before the foundation itself was made. The time of organization
 * `i` does not depend on how many there are, grows with `i`, and differs by more than a millisecond from the
 * next one's; hence ids made from it are in the order of `i`, and a range of `i` is a range of ids.
 */
import { firstUuidAt } from './seed-uuid.js';

/** When the first organization came. */
const FIRST_ORGANIZATION_MS = Date.UTC(2024, 5, 1);

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const DOUBLING_MS = 30 * DAY_MS;

/** Unix milliseconds at which organization `index` came. Straight lines between the doublings: exact everywhere. */
export function organizationTimeMs(index: number): number {
  const doublings = 31 - Math.clz32(index + 1);
  const power = 2 ** doublings;
  return FIRST_ORGANIZATION_MS + Math.floor(DOUBLING_MS * (doublings + (index + 1 - power) / power));
}

/** A range of ids: from `from` up to, but not including, `to`. */
export interface IdRange {
  readonly from: string;
  readonly to: string;
}

/** The ids of the organizations from `first` up to, but not including, `end`, and of their users. */
export function organizationIdRange(first: number, end: number): IdRange {
  return { from: firstUuidAt(organizationTimeMs(first)), to: firstUuidAt(organizationTimeMs(end)) };
}

/** The range of every UUID but the greatest, which no generator gives. */
export const EVERY_ID: IdRange = {
  from: '00000000-0000-0000-0000-000000000000',
  to: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};
