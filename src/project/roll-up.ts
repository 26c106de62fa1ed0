import { setTimeout as sleep } from 'node:timers/promises';
import type { OnProgress } from '../core/index.js';
import { type Database, withSession } from '../database/index.js';
import type { HistoryFiles, Pace, Refresh, RefreshedRollup, Rollup } from '../usage/index.js';

export interface RollUpChoice {
  /** Recompute this span, whether or not it is marked. */
  readonly from?: Date;
  readonly to?: Date;
  /** Recompute everything. */
  readonly all?: boolean;
  /** How many sessions work at once; 1 unless given. */
  readonly workers?: number;
  /** Go on until the signal is given: look for marks again after so many milliseconds, and let buckets settle. */
  readonly watchEveryMs?: number;
  /** Told what each round has done, while watching. */
  readonly onRound?: (report: RollUpReport) => void;
}

export interface RollUpReport {
  readonly rollups: readonly RefreshedRollup[];
  /** Marks that were worked off. */
  readonly marks: number;
  readonly conflicts: number;
  /** Marked buckets that are left for later, or to others. */
  readonly left: number;
  /** Marked buckets whose source has left for good. */
  readonly withoutSource: number;
  readonly durationMs: number;
}

interface Talk {
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal;
  /** Where the history is, for buckets whose events have moved there. */
  readonly history?: HistoryFiles;
}

/** Brings rollups up to date as the choice says. */
export async function rollUpByChoice(
  database: Database,
  rollups: readonly Rollup[],
  choice: RollUpChoice,
  talk: Talk,
): Promise<RollUpReport> {
  const { Pace, rollUpUsage } = await import('../usage/index.js');
  const { from, to, all, watchEveryMs, onRound } = choice;
  const span = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
  if (all || from || to) {
    return withSession(database, (session) => rollUpUsage(session, { rollups, ...span, ...talk }));
  }
  const isWatching = watchEveryMs !== undefined;
  const pace = isWatching ? { settling: true, pace: new Pace() } : {};
  const round = (): Promise<RollUpReport> => oneRound(database, rollups, choice, talk, pace);
  if (!isWatching) {
    return round();
  }
  const rounds: RollUpReport[] = [];
  while (!talk.signal?.aborted) {
    try {
      const report = await round();
      rounds.push(added([...rounds.splice(0), report], report.left));
      onRound?.(report);
      await sleep(watchEveryMs, undefined, talk.signal ? { signal: talk.signal } : {});
    } catch (error) {
      // Being told to stop is the ordinary end, also in the middle of a bucket: its marks stay.
      if (!talk.signal?.aborted) {
        throw error;
      }
    }
  }
  return rounds[0] ?? added([], 0);
}

async function oneRound(
  database: Database,
  rollups: readonly Rollup[],
  { workers = 1 }: RollUpChoice,
  talk: Talk,
  pace: { readonly settling?: boolean; readonly pace?: Pace },
): Promise<RollUpReport> {
  const { refreshRollups } = await import('../usage/index.js');
  const refreshes = await Promise.all(
    Array.from({ length: Math.max(1, workers) }, () =>
      withSession(database, (session) => refreshRollups(session, { rollups, ...pace, ...talk })),
    ),
  );
  return added(refreshes, Math.min(...refreshes.map(({ left }) => left)));
}

/** What several runs did, together. */
function added(reports: readonly Refresh[], left: number): RollUpReport {
  const byName = new Map<string, RefreshedRollup>();
  for (const one of reports.flatMap(({ rollups }) => rollups)) {
    const before = byName.get(one.rollup);
    byName.set(one.rollup, {
      rollup: one.rollup,
      buckets: (before?.buckets ?? 0) + one.buckets,
      rowsRemoved: (before?.rowsRemoved ?? 0) + one.rowsRemoved,
      rowsWritten: (before?.rowsWritten ?? 0) + one.rowsWritten,
      durationMs: (before?.durationMs ?? 0) + one.durationMs,
    });
  }
  const sum = (of: (report: Refresh) => number): number => reports.reduce((total, one) => total + of(one), 0);
  return {
    rollups: [...byName.values()],
    marks: sum(({ marks }) => marks),
    conflicts: sum(({ conflicts }) => conflicts),
    left,
    withoutSource: Math.max(0, ...reports.map(({ withoutSource }) => withoutSource)),
    durationMs: Math.max(0, ...reports.map(({ durationMs }) => durationMs)),
  };
}
