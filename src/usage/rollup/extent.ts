import type { Session } from '../../database/index.js';
import type { Grain, TimeRange } from '../grain.js';
import { dayRange, usageSegments } from '../history/segments.js';
import { explainMissingSchema } from '../missing-schema.js';
import type { Rollup } from './rollup.js';
import { qualifiedTable } from './table-sql.js';

/**
 * The span of the events and the hours of rollups; `undefined` when there are none of either.
 * @throws USAGE_SCHEMA_MISSING
 */
export async function usageExtent(
  session: Session,
  rollups: readonly Rollup[],
): Promise<TimeRange | undefined> {
  const spans = [
    'select min(event_time) as first, max(event_time) as last from analytics.usage_events',
    ...rollups
      .filter(({ grain }) => grain === 'hour' || grain === 'quarter-hour' || grain === 'minute')
      .map((rollup) => `select min(bucket_start), max(bucket_start) from ${qualifiedTable(rollup)}`),
  ];
  const [row] = await explainMissingSchema('read the span of usage', () =>
    session.query<{ first: Date | null; last: Date | null }>(
      `select min(first) as first, max(last) as last from (${spans.join(' union all ')}) as spans`,
    ),
  );
  return row?.first && row.last ? { from: row.first, to: new Date(row.last.getTime() + 1) } : undefined;
}

/** The same with every day of the history, also where rollups no longer keep it. */
export async function wholeExtent(
  session: Session,
  rollups: readonly Rollup[],
): Promise<TimeRange | undefined> {
  const extent = await usageExtent(session, rollups);
  const days = (await usageSegments(session)).map(({ day }) => dayRange(day));
  const spans = [...(extent ? [extent] : []), ...days];
  return spans.length === 0
    ? undefined
    : {
        from: new Date(Math.min(...spans.map(({ from }) => from.getTime()))),
        to: new Date(Math.max(...spans.map(({ to }) => to.getTime()))),
      };
}

const HOUR_MS = 3_600_000;

/** The finest grain that shows a span in few enough points to read. */
export function readableGrain(range: TimeRange): Grain {
  const hours = (range.to.getTime() - range.from.getTime()) / HOUR_MS;
  if (hours <= 2) {
    return 'minute';
  }
  return hours <= 72 ? 'hour' : hours <= 24 * 120 ? 'day' : 'month';
}
