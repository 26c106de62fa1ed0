import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { explainMissingSchema } from '../missing-schema.js';

export interface DaysToMoveOptions {
  /** How old the end of a day is when it moves to the history, in days. */
  readonly sealAfterDays: number;
  readonly now?: Date;
}

/**
 * The days (`YYYY-MM-DD`, UTC) that are to move, the oldest first: those that are old enough, also when only late events
 * are in them, and those whose way out was cut off.
 * @throws USAGE_SCHEMA_MISSING
 */
export async function daysToMove(session: Session, options: DaysToMoveOptions): Promise<string[]> {
  const rows = await explainMissingSchema('read which days are to move to the history', () =>
    session.query<{ day: string }>(readPackageFile('src/usage/history/days-to-move.sql'), [
      options.now ?? new Date(),
      options.sealAfterDays,
    ]),
  );
  return rows.map(({ day }) => day);
}
