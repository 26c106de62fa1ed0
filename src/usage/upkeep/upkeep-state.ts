import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { explainMissingSchema } from '../missing-schema.js';
import { dueSince } from '../rollup/expire.js';
import type { Rollup } from '../rollup/rollup.js';
import { qualifiedTable } from '../rollup/table-sql.js';

/** How far the upkeep of usage is. */
export interface UpkeepState {
  /** Until when there are partitions without a gap from now on; `undefined` when today has none. */
  readonly madeUntil: Date | undefined;
  /** Whether there are partitions at all: before the first, nobody records usage. */
  readonly hasPartitions: boolean;
  /** Changes that are not in the rollups yet. */
  readonly marks: number;
  /** The buckets that they are of. */
  readonly markedBuckets: number;
  /** When the first of them was made. */
  readonly oldestMarkAt: Date | undefined;
  /** Days (`YYYY-MM-DD`, UTC) that should have moved to the history, the oldest first. */
  readonly dueDays: readonly string[];
  /** Since when rows of a rollup should have gone that its declaration no longer keeps; those that lag behind. */
  readonly overdue: readonly { readonly rollup: string; readonly since: Date }[];
  /** Files of the history in whose place others have come, and that are still kept. */
  readonly replacedFiles: number;
  readonly oldestReplacedAt: Date | undefined;
}

export interface UpkeepStateOptions {
  /** How old the end of a day is when it moves to the history, in days; never unless given. */
  readonly sealAfterDays?: number;
  /** Whose retention is looked at. */
  readonly rollups?: readonly Rollup[];
  readonly now?: Date;
}

/** @throws USAGE_SCHEMA_MISSING */
export async function upkeepState(session: Session, options: UpkeepStateOptions = {}): Promise<UpkeepState> {
  const { now = new Date(), rollups = [] } = options;
  return explainMissingSchema('read how far the upkeep of usage is', async () => {
    const [row] = await session.query<StateRow>(readPackageFile('src/usage/upkeep/upkeep-state.sql'), [
      now,
      options.sealAfterDays ?? null,
    ]);
    return {
      madeUntil: row!.made_until ?? undefined,
      hasPartitions: row!.has_partitions,
      marks: Number(row!.marks),
      markedBuckets: Number(row!.marked_buckets),
      oldestMarkAt: row!.oldest_mark_at ?? undefined,
      dueDays: row!.due_days,
      overdue: await overdueRollups(session, rollups, now),
      replacedFiles: Number(row!.replaced_files),
      oldestReplacedAt: row!.oldest_replaced_at ?? undefined,
    };
  });
}

interface StateRow {
  readonly made_until: Date | null;
  readonly has_partitions: boolean;
  readonly marks: bigint;
  readonly marked_buckets: bigint;
  readonly oldest_mark_at: Date | null;
  readonly due_days: readonly string[];
  readonly replaced_files: bigint;
  readonly oldest_replaced_at: Date | null;
}

async function overdueRollups(
  session: Session,
  rollups: readonly Rollup[],
  now: Date,
): Promise<UpkeepState['overdue']> {
  const overdue: { rollup: string; since: Date }[] = [];
  for (const rollup of rollups.filter(({ retentionMs }) => retentionMs !== undefined)) {
    const [row] = await session.query<{ oldest: Date | null }>(
      `select min(bucket_start) as oldest from ${qualifiedTable(rollup)}`,
    );
    const since = row!.oldest ? dueSince(rollup, rollups, row!.oldest) : undefined;
    if (since && since <= now) {
      overdue.push({ rollup: rollup.name, since });
    }
  }
  return overdue;
}
