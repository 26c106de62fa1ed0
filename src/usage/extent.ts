import type { Session } from '../database/index.js';
import type { Grain, TimeRange } from './grain.js';
import { explainMissingSchema } from './missing-schema.js';

/** The span that the hourly rollups cover; `undefined` when there are none. @throws USAGE_SCHEMA_MISSING */
export async function usageExtent(session: Session): Promise<TimeRange | undefined> {
  const [row] = await explainMissingSchema('read the span of usage', () =>
    session.query<{ first: Date | null; last: Date | null }>(
      `select min(bucket_start) as first, max(bucket_start) + interval '1 hour' as last
         from analytics.usage_rollups_hour`,
    ),
  );
  return row?.first && row.last ? { from: row.first, to: row.last } : undefined;
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
