/**
 * Removes the objects of files that do not count: those that were replaced, and those of a sealing that was cut off
 * after it had announced them. A grace time lets readers finish that began when the file still counted, and sealings
 * that are under way.
 */
import type { Session } from '../../database/index.js';
import type { ObjectStore } from '../../storage/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { explainMissingSchema } from '../missing-schema.js';

export interface RemoveOptions {
  readonly store: ObjectStore;
  /** How long a file stays after it was replaced or announced, in milliseconds. */
  readonly graceMs: number;
  readonly now?: Date;
  readonly signal?: AbortSignal;
  /** Called before each object is removed, and before that is written down; both wait for it. */
  readonly onStep?: (step: 'remove' | 'note') => void | Promise<void>;
}

/**
 * Each object in a transaction of its own that holds its row: nobody can announce it again meanwhile. A crash in
 * between leaves a row whose object is gone; the next call finds nothing to remove and writes that down.
 * @returns how many objects were removed
 * @throws STORAGE_… when the store refuses; USAGE_SCHEMA_MISSING, USAGE_CANCELLED
 */
export async function removeReplacedSegments(session: Session, options: RemoveOptions): Promise<number> {
  const { store, graceMs, now = new Date(), signal, onStep } = options;
  const before = new Date(now.getTime() - graceMs);
  const due = await explainMissingSchema('remove files of the history', () =>
    session.query<{ object_key: string }>(`select object_key ${DUE} order by object_key`, [before]),
  );
  let removed = 0;
  for (const { object_key: key } of due) {
    if (signal?.aborted) {
      throw USAGE_ERRORS.CANCELLED({ message: `Stopped removing replaced files after ${removed}` });
    }
    removed += await session.transaction(async () => {
      const still = await session.query(`select 1 ${DUE} and object_key = $2 for update`, [before, key]);
      if (still.length === 0) {
        return 0;
      }
      await onStep?.('remove');
      await store.remove(key);
      await onStep?.('note');
      await session.query(
        'update analytics.usage_segments set removed_at = clock_timestamp() where object_key = $1',
        [key],
      );
      return 1;
    });
  }
  return removed;
}

const DUE = `
    from analytics.usage_segments
   where removed_at is null and coalesce(replaced_at, announced_at) < $1
     and (sealed_at is null or replaced_at is not null)`;
