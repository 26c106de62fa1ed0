/**
 * Puts back what the opposite script destroyed, newest first, in the transaction of the script that has just run.
 * What cannot be placed stays kept and is counted; it is never an error, and never dropped.
 */
import { type Session, sqlstateOf } from '../../database/index.js';
import type { LedgerScope } from '../ledger/ledger.js';
import type { RestoredOutcome } from '../run/context.js';
import { attempt } from './attempt.js';
import { followKeys } from './follow-keys.js';
import { type KeptItem, readItems, setPlaced } from './items.js';
import type { KeepScope } from './keep-scope.js';
import { keptTable } from './layout.js';
import { SAME_NAMES } from './names.js';
import { asKeeper } from './own-settings.js';
import { placeItem } from './place.js';
import { placeTogether } from './place-together.js';
import { refreshViews } from './refresh-views.js';
import { isOfSameTable, supersededIn } from './same-table.js';
import type { Placed } from './steps.js';

/** @param direction the script that had kept it */
export async function restoreKept(
  session: Session,
  scope: KeepScope,
  direction: 'up' | 'down',
  chosen: (item: KeptItem) => boolean = () => true,
): Promise<RestoredOutcome[]> {
  return asKeeper(session, async () => {
    const items = (await readItems(session, scope.script, direction)).filter(chosen);
    const results = new Map<KeptItem, Placed>();
    for (const { id } of supersededIn(items)) {
      scope.superseded.add(id);
    }
    await followKeys(session, scope, items);
    let pending = items.filter(({ kind }) => kind !== 'copy');
    let hitsKeys = false;
    // A row may refer to one that is put back after it: what fails is tried again as long as others succeed.
    for (let progress = true; progress && pending.length > 0; ) {
      progress = false;
      const failed: KeptItem[] = [];
      for (const item of pending) {
        // An older change of the table can be undone only when the newer one is.
        if (failed.some((newer) => isOfSameTable(newer, item))) {
          failed.push(item);
          continue;
        }
        const kept = scope.kept.length;
        const placed = await placeWhole(session, scope, item);
        if ('failure' in placed) {
          // What it had kept of this script's own changes is undone with it.
          scope.kept.splice(kept);
          hitsKeys ||= sqlstateOf(placed.failure) === FOREIGN_KEY_VIOLATION;
          failed.push(item);
        } else {
          progress = true;
          results.set(item, placed);
        }
      }
      pending = failed;
    }
    const kept = scope.kept.length;
    const together =
      pending.length > 0 && hitsKeys
        ? await placeTogether(session, pending, (item) => placeItem(session, scope, item))
        : undefined;
    if (together) {
      for (const [item, placed] of together) {
        results.set(item, placed);
      }
      pending = [];
    } else {
      scope.kept.splice(kept);
    }
    for (const item of pending) {
      results.set(item, await placeItem(session, scope, item, { bisect: (work) => attempt(session, work) }));
    }
    for (const [item, placed] of results) {
      if (placed.unplaced > 0 && items.some((older) => isUndoneBy(older, item, results.get(older)))) {
        results.set(item, await withoutChanges(session, item, placed));
      }
    }
    return finish(session, items, results);
  });
}

async function placeWhole(
  session: Session,
  scope: KeepScope,
  item: KeptItem,
): Promise<Placed | { readonly failure: unknown }> {
  const kept = scope.kept.length;
  const placed = await attempt(session, () => placeItem(session, scope, item));
  if (!('failure' in placed) || sqlstateOf(placed.failure) !== UNIQUE_VIOLATION) {
    return placed;
  }
  scope.kept.splice(kept);
  return attempt(session, () => placeItem(session, scope, item, { movesAside: true }));
}

const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';

/**
 * Whether what an item has changed does not matter any more: an older one of the same script has put back all values of
 * the columns, which are those from before.
 */
function isUndoneBy(older: KeptItem, item: KeptItem, placed: Placed | undefined): boolean {
  const numbers = new Set(older.layout.columns.map(({ number }) => number));
  return (
    older.id < item.id &&
    isOfSameTable(older, item) &&
    older.layout.isFull !== undefined &&
    placed?.unplaced === 0 &&
    item.kind === 'rows' &&
    item.layout.columns.every(({ number }) => numbers.has(number))
  );
}

/** Forgets of the item what it holds of rows that were changed, and not removed. */
async function withoutChanges(session: Session, item: KeptItem, placed: Placed): Promise<Placed> {
  const table = keptTable(item.keptTable!);
  const [dropped] = await session.run(`delete from ${table} where not gone`);
  const unplaced = placed.unplaced - (dropped?.rowCount ?? 0);
  if (unplaced > 0) {
    return { ...placed, unplaced };
  }
  await session.run(`drop table ${table}`);
  return { ...placed, unplaced: 0, reason: undefined };
}

/** Puts one item back outside of any run. Empty where it is not put back by itself. */
export function restoreOne(
  session: Session,
  script: LedgerScope & { readonly version: string },
  direction: 'up' | 'down',
  id: number,
): Promise<RestoredOutcome[]> {
  const scope: KeepScope = {
    script: { ...script, direction, runId: '', days: 0 },
    source: { file: '', text: '' },
    names: SAME_NAMES,
    items: [],
    kept: [],
    standing: [],
    own: new Map(),
    superseded: new Set(),
    accounted: new Map(),
    statements: [],
    following: [],
  };
  return restoreKept(session, scope, direction, (item) => item.id === id);
}

async function finish(
  session: Session,
  items: readonly KeptItem[],
  results: ReadonlyMap<KeptItem, Placed>,
): Promise<RestoredOutcome[]> {
  const restored: RestoredOutcome[] = [];
  const touched = new Set<number>();
  for (const item of items) {
    const result = results.get(item);
    if (result === undefined) {
      continue;
    }
    await setPlaced(session, item, result);
    if (result.table !== undefined && result.placed > 0) {
      touched.add(result.table);
    }
    const { id, kind, schema, name } = item;
    const { placed, unplaced, reason } = result;
    restored.push({ id, kind, schema, name, placed, unplaced, ...(reason ? { reason } : {}) });
  }
  await refreshViews(session, [...touched]);
  return restored;
}
