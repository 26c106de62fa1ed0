import type { Session } from '../../database/index.js';
import { daysToMove } from './days-to-move.js';
import { type SealOptions, sealUsageDay } from './seal-day.js';

export interface MoveOptions extends SealOptions {
  /** How old the end of a day is when it moves to the history, in days. */
  readonly sealAfterDays: number;
  readonly now?: Date;
}

/**
 * Moves the days that are due to the history, the oldest first, and finishes those that were cut off. A day that cannot
 * be moved holds no other back.
 * @returns how many were moved
 * @throws the first error, after the last day; USAGE_CANCELLED at once
 */
export async function moveUsageDays(session: Session, options: MoveOptions): Promise<number> {
  const failures: unknown[] = [];
  let moved = 0;
  for (const day of await daysToMove(session, options)) {
    try {
      await sealUsageDay(session, day, options);
      moved += 1;
    } catch (error) {
      failures.push(error);
      if (options.signal?.aborted || !session.isOpen) {
        break;
      }
    }
  }
  if (failures.length > 0) {
    throw failures[0];
  }
  return moved;
}
