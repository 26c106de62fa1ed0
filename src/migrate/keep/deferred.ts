/**
 * Constraints that are checked, and triggers that fire, at the end of the transaction. What the script has left to that
 * end happens before anything is judged or put back: no table can be altered while events of it wait.
 */
import type { Session } from '../../database/index.js';
import { attempt } from './attempt.js';
import type { KeepScope } from './keep-scope.js';

/** Lets everything happen that waits for the end of the transaction. */
export const FIRE_DEFERRED = 'set constraints all immediate';

/**
 * Puts back with such constraints checked when all is in its place, as rows may refer to one another; where that fails,
 * with each checked at once, so that rows are found that have no place.
 */
export async function checkedLast<T>(
  session: Session,
  scope: KeepScope,
  putBack: () => Promise<T>,
): Promise<T> {
  const kept = scope.kept.length;
  const result = await attempt(session, async () => {
    await session.run('set constraints all deferred');
    const value = await putBack();
    await session.run(FIRE_DEFERRED);
    return { value };
  });
  if (!('failure' in result)) {
    return result.value;
  }
  scope.kept.splice(kept);
  await session.run(FIRE_DEFERRED);
  return putBack();
}
