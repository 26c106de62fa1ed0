import type { Session } from '../../database/index.js';
import { bucketStart, nextBucket } from '../grain.js';
import { explainMissingSchema } from '../missing-schema.js';
import { CAPS_TABLE } from './cap.js';
import type { Rollup } from './rollup.js';
import { qualifiedTable } from './table-sql.js';

export interface ExpiredRollup {
  readonly rollup: string;
  /** Rows of buckets that began before this time have gone. */
  readonly before: Date;
  readonly rowsRemoved: number;
}

/**
 * Removes the rows of rollups that are older than their declarations keep them, each rollup in a transaction of its
 * own. The horizon of a rollup is raised in the same transaction, so that what sums it is not computed again from what
 * is left.
 * @throws USAGE_SCHEMA_MISSING
 */
export async function expireRollups(
  session: Session,
  rollups: readonly Rollup[],
  now: Date = new Date(),
): Promise<ExpiredRollup[]> {
  const expired: ExpiredRollup[] = [];
  for (const rollup of rollups) {
    if (rollup.retentionMs !== undefined) {
      const before = cutoff(rollup, rollups, new Date(now.getTime() - rollup.retentionMs));
      expired.push({ rollup: rollup.name, before, rowsRemoved: await expireBefore(session, rollup, before) });
    }
  }
  return expired;
}

/** The beginning of a bucket, also of every rollup that sums this one: none of theirs loses a part of its source. */
function cutoff(rollup: Rollup, rollups: readonly Rollup[], time: Date): Date {
  const summing = rollups.filter(({ source }) => source === rollup.name);
  return [rollup, ...summing].reduce((at, { grain }) => bucketStart(grain, at), time);
}

/** When the rows of a bucket no longer had to be kept; `undefined` for a rollup that keeps all. */
export function dueSince(rollup: Rollup, rollups: readonly Rollup[], bucket: Date): Date | undefined {
  if (rollup.retentionMs === undefined) {
    return undefined;
  }
  const summing = rollups.filter(({ source }) => source === rollup.name);
  const ends = [rollup, ...summing].map(({ grain }) => nextBucket(grain, bucketStart(grain, bucket)));
  return new Date(Math.max(...ends.map((end) => end.getTime())) + rollup.retentionMs);
}

async function expireBefore(session: Session, rollup: Rollup, before: Date): Promise<number> {
  return explainMissingSchema('remove old rollups', () =>
    session.transaction(async () => {
      await session.query(RAISE, [rollup.name, before]);
      const [row] = await session.query<{ rows: bigint }>(
        `with removed as (delete from ${qualifiedTable(rollup)} where bucket_start < $1 returning 1)
         select count(*) as rows from removed`,
        [before],
      );
      await session.query(`delete from ${CAPS_TABLE} where rollup = $1 and bucket_start < $2`, [
        rollup.name,
        before,
      ]);
      return Number(row!.rows);
    }),
  );
}

const RAISE = `
  insert into analytics.rollup_horizons as h (subject, complete_from) values ($1, $2)
  on conflict (subject) do update set complete_from = greatest(h.complete_from, excluded.complete_from)`;
