import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from './session.js';
import { sqlstateOf } from './sql-failure.js';

/** The SQLSTATE of a lock that was not to be had in time. */
export const LOCK_NOT_AVAILABLE = '55P03';

const TRIES = 5;

/**
 * Calls `work` again while others hold the locks that it needs. It waits for each a fifth of `waitMs` at a time:
 * whoever comes after it in the queue of the lock waits no longer than that. Sets `lock_timeout` of the session for the
 * time of the call.
 * @throws what `work` throws; after the last try DATABASE_STATEMENT_FAILED with `LOCK_NOT_AVAILABLE`
 */
export async function waitingForLocks<T>(
  session: Session,
  waitMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const turnMs = Math.max(1, Math.round(waitMs / TRIES));
  await session.run(`set lock_timeout = ${turnMs}`);
  try {
    for (let turn = 1; ; turn += 1) {
      try {
        return await work();
      } catch (error) {
        if (turn === TRIES || sqlstateOf(error) !== LOCK_NOT_AVAILABLE) {
          throw error;
        }
        await sleep(Math.min(turnMs, 200) * (0.5 + Math.random()));
      }
    }
  } finally {
    await session.run('reset lock_timeout').catch(() => {});
  }
}
