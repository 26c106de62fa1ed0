import type { Session } from '../database/index.js';
import type { TimeRange } from './grain.js';
import { explainMissingSchema } from './missing-schema.js';

const DAY_MS = 86_400_000;

/**
 * Makes the daily partitions (UTC) of usage events that a span of time needs and that are missing. Safe to
 * repeat and to call twice at once.
 * @returns how many it made
 * @throws USAGE_SCHEMA_MISSING; DATABASE_STATEMENT_FAILED when the span is no span or longer than 1,100 days
 */
export async function ensureUsagePartitions(session: Session, range: TimeRange): Promise<number> {
  const [row] = await explainMissingSchema('make usage partitions', () =>
    session.query<{ created: number }>(
      'select analytics.ensure_usage_event_partitions($1::timestamptz, $2::timestamptz) as created',
      [range.from, range.to],
    ),
  );
  return row!.created;
}

/** Days, counted from 1970, as spans without gaps. */
export function spansOfDays(days: Iterable<number>): TimeRange[] {
  const spans: { first: number; last: number }[] = [];
  for (const day of [...days].sort((a, b) => a - b)) {
    const span = spans.at(-1);
    if (span && day === span.last + 1) {
      span.last = day;
    } else {
      spans.push({ first: day, last: day });
    }
  }
  return spans.map(({ first, last }) => ({
    from: new Date(first * DAY_MS),
    to: new Date((last + 1) * DAY_MS),
  }));
}
