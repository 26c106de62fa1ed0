import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { explainMissingSchema } from '../missing-schema.js';

/** How far the upkeep of usage is. */
export interface UpkeepState {
  /** Until when there are partitions without a gap from now on; `undefined` when today has none. */
  readonly madeUntil: Date | undefined;
  /** Changes that are not in the rollups yet. */
  readonly marks: number;
  /** When the first of them was made. */
  readonly oldestMarkAt: Date | undefined;
  /** Days (`YYYY-MM-DD`, UTC) that should have moved to the history, the oldest first. */
  readonly dueDays: readonly string[];
}

export interface UpkeepStateOptions {
  /** How old the end of a day is when it moves to the history, in days; never unless given. */
  readonly sealAfterDays?: number;
  readonly now?: Date;
}

/** @throws USAGE_SCHEMA_MISSING */
export async function upkeepState(session: Session, options: UpkeepStateOptions = {}): Promise<UpkeepState> {
  const [row] = await explainMissingSchema('read how far the upkeep of usage is', () =>
    session.query<{
      made_until: Date | null;
      marks: bigint;
      oldest_mark_at: Date | null;
      due_days: readonly string[];
    }>(readPackageFile('src/usage/upkeep/upkeep-state.sql'), [
      options.now ?? new Date(),
      options.sealAfterDays ?? null,
    ]),
  );
  return {
    madeUntil: row!.made_until ?? undefined,
    marks: Number(row!.marks),
    oldestMarkAt: row!.oldest_mark_at ?? undefined,
    dueDays: row!.due_days,
  };
}
