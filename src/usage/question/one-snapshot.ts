import type { Session } from '../../database/index.js';

/**
 * Everything that `work` reads, as of one moment: what is rolled up, moved or removed meanwhile is in all of its
 * statements or in none. Locked before the snapshot: no day is detached from here on that the manifest does not show.
 */
export function inOneSnapshot<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return session.transaction(async () => {
    await session.run('lock table only analytics.usage_events in access share mode');
    return work();
  }, 'repeatable read');
}
