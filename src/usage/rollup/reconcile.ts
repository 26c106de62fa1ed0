/**
 * Compares rollups with what they are made of, in one snapshot: every bucket by its number of rows, every sum, and a
 * hash of all its rows; the events a second time by plain sums; and rollups with one another. Where events have moved to
 * the history, the files are held against the manifest, and their rows computed by DuckDB. What differs is the answer,
 * not an error. Buckets with marks are not compared: they are known to be under way.
 */
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { cancellable, throwIfCancelled } from '../cancellation.js';
import { type TimeRange, wholeBuckets } from '../grain.js';
import type { HistoryFiles } from '../history/segments.js';
import { explainMissingSchema } from '../missing-schema.js';
import { compareLevels, type LevelReconciliation, pairsOf } from './compare-levels.js';
import { compareRollup, type RollupReconciliation } from './compare-rollup.js';
import { differencesOf, type RollupDifference } from './differing-rows.js';
import { wholeExtent } from './extent.js';
import { type HistoryReconciliation, historyDigests } from './history-digests.js';
import { markBuckets } from './marks.js';
import { type Refresh, refreshRollups } from './refresh.js';
import type { Rollup } from './rollup.js';

export interface ReconcileOptions {
  readonly rollups: readonly Rollup[];
  /** From when on; where events or rollups begin unless given. */
  readonly from?: Date;
  /** Until when, excluded; where they end unless given. */
  readonly to?: Date;
  /** How many differences to return at most for each rollup; 100 unless given. All buckets are counted. */
  readonly limit?: number;
  /** Where the history is; buckets that have events there are not compared without it. */
  readonly history?: HistoryFiles;
  readonly signal?: AbortSignal;
}

export interface Reconciliation {
  /** The span that was compared; `undefined` when there is nothing. */
  readonly range: TimeRange | undefined;
  /** True when nothing differs. */
  readonly isExact: boolean;
  readonly rollups: readonly RollupReconciliation[];
  readonly levels: readonly LevelReconciliation[];
  /** The files of the history; `undefined` where none is configured, or nothing is in it. */
  readonly history: HistoryReconciliation | undefined;
  /** The first differences of each rollup, in order of time. */
  readonly differences: readonly RollupDifference[];
}

/** @throws USAGE_RANGE_INVALID, USAGE_SCHEMA_MISSING, USAGE_CANCELLED */
export async function reconcileUsage(session: Session, options: ReconcileOptions): Promise<Reconciliation> {
  return inSpan('plinth.usage.reconcile', {}, () =>
    explainMissingSchema(WHAT, () =>
      session.transaction(async () => {
        // Before the snapshot: no day is detached from here on that the manifest does not show.
        await session.run('lock table only analytics.usage_events in access share mode');
        return cancellable(session, options.signal, WHAT, () => compare(session, options));
      }, 'repeatable read'),
    ),
  );
}

const WHAT = 'reconcile usage';
const DEFAULT_LIMIT = 100;

export interface RepairedReconciliation extends Reconciliation {
  /** What was found before the repair. */
  readonly before: Reconciliation;
  readonly refresh: Refresh;
}

/**
 * Compares, has every bucket that differs computed again, and compares once more.
 * @throws as `reconcileUsage`
 */
export async function repairUsage(
  session: Session,
  options: ReconcileOptions,
): Promise<RepairedReconciliation> {
  const before = await reconcileUsage(session, options);
  for (const { rollup, mismatches } of before.rollups) {
    await markBuckets(session, rollup, mismatches);
  }
  for (const { coarser, mismatches } of before.levels) {
    await markBuckets(session, coarser, distinctTimes(mismatches.map(({ bucketStart }) => bucketStart)));
  }
  const { rollups, signal, history } = options;
  const refresh = await refreshRollups(session, {
    rollups,
    ...(history ? { history } : {}),
    ...(signal ? { signal } : {}),
  });
  return { ...(await reconcileUsage(session, options)), before, refresh };
}

function distinctTimes(times: readonly Date[]): Date[] {
  return [...new Set(times.map((time) => time.getTime()))].map((time) => new Date(time));
}

async function compare(session: Session, options: ReconcileOptions): Promise<Reconciliation> {
  const { rollups, limit = DEFAULT_LIMIT, history, signal } = options;
  const range = rangeOf(options, await wholeExtent(session, rollups));
  if (!range) {
    return { range, isExact: true, rollups: [], levels: [], history: undefined, differences: [] };
  }
  const onDay = (): void => throwIfCancelled(signal, WHAT);
  const cold = history && (await historyDigests(session, { rollups, range, history, onDay }));
  const compared: RollupReconciliation[] = [];
  const differences: RollupDifference[] = [];
  for (const rollup of rollups) {
    const one = await compareRollup(session, rollup, { rollups, range, cold });
    compared.push(one);
    differences.push(...(await differencesOf(session, rollup, { buckets: one.mismatches, limit, history })));
  }
  const levels: LevelReconciliation[] = [];
  for (const [finer, coarser] of pairsOf(rollups)) {
    levels.push(await compareLevels(session, finer, coarser, rollups, range));
  }
  const files = cold && cold.files.days > 0 ? cold.files : undefined;
  const isExact = [...compared, ...levels, ...(files ? [files] : [])].every(
    ({ mismatches }) => mismatches.length === 0,
  );
  return { range, isExact, rollups: compared, levels, history: files, differences };
}

function rangeOf({ from, to }: ReconcileOptions, extent: TimeRange | undefined): TimeRange | undefined {
  const [first, last] = [from ?? extent?.from, to ?? extent?.to];
  return first && last ? wholeBuckets('hour', { from: first, to: last }) : undefined;
}
