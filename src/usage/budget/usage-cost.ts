import type { Session } from '../../database/index.js';
import { bucketStart, nextBucket, type TimeRange } from '../grain.js';
import { inOneSnapshot } from '../question/one-snapshot.js';
import { type Asking, questionRows } from '../question/rows.js';
import { sumsOf } from '../question/sums.js';

export interface UsageCost {
  /** The sum of the known costs. */
  readonly nanos: bigint;
  /** Requests whose cost is not known. */
  readonly unknown: bigint;
}

/**
 * What an organization's usage of a span has cost in a currency, to the event: whole months and hours from rollups with
 * their live tail, the ends of the span from the events. Months apart, for their rollup is kept when hours have gone.
 * @throws USAGE_HISTORY_UNREACHABLE, USAGE_RANGE_INVALID
 */
export async function usageCost(
  session: Session,
  options: TimeRange & Asking & { readonly organizationId: string; readonly currency: string },
): Promise<UsageCost> {
  const { organizationId, currency, from, to, ...asking } = options;
  return inOneSnapshot(session, async () => {
    let cost: UsageCost = { nanos: 0n, unknown: 0n };
    for (const [start, end] of partsOf({ from, to })) {
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
    return cost;
  });
}

/** The whole months of a span, the whole hours beside them, and what is left at its ends. */
function partsOf({ from, to }: TimeRange): (readonly [Date, Date])[] {
  const inner = (['hour', 'month'] as const).flatMap((grain) => {
    const begin = bucketStart(grain, from);
    return [begin < from ? nextBucket(grain, begin) : begin, bucketStart(grain, to)];
  });
  const cuts = [from, ...inner, to]
    .map((time) => Math.min(Math.max(time.getTime(), from.getTime()), to.getTime()))
    .sort((a, b) => a - b);
  return cuts
    .slice(1)
    .map((end, index) => [new Date(cuts[index]!), new Date(end)] as const)
    .filter(([start, end]) => start < end);
}

/** The end of the hour that a time lies in: no usage is later than now. */
export function endOfHour(time: Date): Date {
  return nextBucket('hour', bucketStart('hour', time));
}
