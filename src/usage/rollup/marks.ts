/** The marks of what has changed and is not in the rollups yet. */
import type { Session } from '../../database/index.js';
import { type Grain, nextBucket, type TimeRange, wholeBuckets } from '../grain.js';
import { explainMissingSchema } from '../missing-schema.js';

/** A bucket that has marks. */
export interface MarkedBucket {
  /** `usage_events`, for an hour of them, or a rollup. */
  readonly subject: string;
  readonly bucketStart: Date;
  /** How many marks: transactions and statements that have changed it. */
  readonly marks: number;
  /** How long ago the first of them was made, in milliseconds. */
  readonly ageMs: number;
}

/** The marked buckets of one subject, or all of them, the newest first. @throws USAGE_SCHEMA_MISSING */
export async function markedBuckets(session: Session, subject?: string): Promise<MarkedBucket[]> {
  const rows = await explainMissingSchema('read the marks of usage', () =>
    session.query<{ subject: string; bucket_start: Date; marks: bigint; age_ms: number }>(MARKED, [
      subject ?? null,
    ]),
  );
  return rows.map((row) => ({
    subject: row.subject,
    bucketStart: row.bucket_start,
    marks: Number(row.marks),
    ageMs: row.age_ms,
  }));
}

const MARKED = `
  select subject, bucket_start, count(*) as marks,
         greatest(0, extract(epoch from clock_timestamp() - min(marked_at)) * 1000)::double precision as age_ms
    from analytics.rollup_marks
   where subject = coalesce($1, subject)
   group by subject, bucket_start
   order by bucket_start desc, subject`;

/**
 * Marks the hours that a span touches, so that their rollups are recomputed; returns how many.
 * @throws USAGE_RANGE_INVALID, USAGE_SCHEMA_MISSING
 */
export async function markUsage(session: Session, range: TimeRange): Promise<number> {
  const { from, to } = wholeBuckets('hour', range);
  const [row] = await explainMissingSchema('mark usage', () =>
    session.query<{ marked: bigint }>('select analytics.mark_usage_hours($1, $2) as marked', [from, to]),
  );
  return Number(row!.marked);
}

/** Marks buckets of one subject. */
export async function markBuckets(
  session: Session,
  subject: string,
  buckets: readonly Date[],
): Promise<void> {
  if (buckets.length > 0) {
    await session.query(
      'insert into analytics.rollup_marks (subject, bucket_start) select $1, unnest($2::timestamptz[])',
      [subject, buckets],
    );
  }
}

/** Buckets, in any order, as spans without gaps, each of at most `most` buckets. */
export function spansOfBuckets(
  grain: Grain,
  buckets: readonly Date[],
  most = Number.POSITIVE_INFINITY,
): TimeRange[] {
  const spans: { from: Date; to: Date; buckets: number }[] = [];
  for (const from of [...buckets].sort((a, b) => a.getTime() - b.getTime())) {
    const last = spans.at(-1);
    if (last && last.to.getTime() === from.getTime() && last.buckets < most) {
      last.to = nextBucket(grain, from);
      last.buckets += 1;
    } else {
      spans.push({ from, to: nextBucket(grain, from), buckets: 1 });
    }
  }
  return spans.map(({ from, to }) => ({ from, to }));
}
