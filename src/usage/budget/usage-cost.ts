import type { Session } from '../../database/index.js';
import { bucketStart, nextBucket, type TimeRange } from '../grain.js';
import { type Asking, questionRows } from '../question/rows.js';
import { sumsOf } from '../question/sums.js';

export interface UsageCost {
  /** The sum of the known costs. */
  readonly nanos: bigint;
  /** Requests whose cost is not known. */
  readonly unknown: bigint;
}

/**
 * What an organization's usage of a span has cost in a currency, to the event: whole hours from rollups with their live
 * tail, the ends of the span from the events.
 * @throws USAGE_HISTORY_UNREACHABLE, USAGE_RANGE_INVALID
 */
export async function usageCost(
  session: Session,
  options: TimeRange & Asking & { readonly organizationId: string; readonly currency: string },
): Promise<UsageCost> {
  const { organizationId, currency, from, to, ...asking } = options;
  const firstHour = bucketStart('hour', new Date(from.getTime() + HOUR_MS - 1));
  const lastHour = bucketStart('hour', to);
  const cuts = firstHour < lastHour ? [from, firstHour, lastHour, to] : [from, to];
  let cost: UsageCost = { nanos: 0n, unknown: 0n };
  for (const [index, start] of cuts.slice(0, -1).entries()) {
    const end = cuts[index + 1]!;
    if (start < end) {
      const { rows } = await questionRows(session, {
        ...asking,
        bounds: [start, end],
        timeZone: 'UTC',
        groupBy: [],
        filter: { organization_id: [organizationId] },
      });
      const own = sumsOf(rows.filter((row) => row.currency === currency));
      cost = {
        nanos: cost.nanos + (own.costs[0]?.nanos ?? 0n),
        unknown: cost.unknown + own.costUnknown,
      };
    }
  }
  return cost;
}

const HOUR_MS = 3_600_000;

/** The end of the hour that a time lies in: no usage is later than now. */
export function endOfHour(time: Date): Date {
  return nextBucket('hour', bucketStart('hour', time));
}
