/**
 * Items whose rows refer to one another in a circle, or get the values that refer to others only with an older item: no
 * order of them passes foreign keys that are checked with each statement, so they are put back with those keys checked
 * at the end of all.
 */
import type { Session } from '../../database/index.js';
import { attempt } from './attempt.js';
import type { KeptItem } from './items.js';
import { withLateKeys } from './late-keys.js';
import { quietly } from './quiet.js';
import type { Placed } from './steps.js';
import type { TableFacts } from './table-facts.js';
import { findTarget } from './target.js';

/** @returns what became of each; `undefined` where that does not do either, and nothing is changed */
export async function placeTogether(
  session: Session,
  items: readonly KeptItem[],
  place: (item: KeptItem) => Promise<Placed>,
): Promise<ReadonlyMap<KeptItem, Placed> | undefined> {
  const targets = new Map<number, TableFacts>();
  for (const item of items) {
    const target = await findTarget(session, item);
    if (target) {
      targets.set(target.oid, target);
    }
  }
  const placed = new Map<KeptItem, Placed>();
  // No table can be altered while checks of its rows wait: triggers are silent until all is done.
  const all = [...targets.values()].reduce<() => Promise<void>>(
    (work, target) => () => quietly(session, target, work),
    () =>
      withLateKeys(session, 'c.conrelid = any ($1::oid[])', [[...targets.keys()]], async () => {
        for (const item of items) {
          placed.set(item, await place(item));
        }
      }),
  );
  const done = await attempt(session, async () => {
    await all();
    return {};
  });
  return 'failure' in done ? undefined : placed;
}
