/**
 * Upkeep: what must be done again and again so that events always find their partition, rollups keep up, reservations
 * of requests that died are given back, and old days move to the history. Each step stands for itself: one that fails
 * is told and stops no other, and whatever was not done is done the next time.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isPlinthError } from '../core/index.js';
import { type Session, waitingForLocks, withSession } from '../database/index.js';
import { count, log, observe } from '../telemetry/index.js';
import type { UpkeepState } from '../usage/index.js';
import type { ProjectContext } from './context.js';
import { historyStore } from './history-store.js';
import { OPERATIONAL_TARGET } from './tenants.js';
import { ANALYTICS_TARGET } from './usage.js';

export interface MaintainChoice {
  /** Only tell what is late. */
  readonly check?: boolean;
  /** Go on until the signal is given, with so many milliseconds between two rounds. */
  readonly watchEveryMs?: number;
  /** Told what each round has done. */
  readonly onRound?: (report: MaintainReport) => void;
}

export type UpkeepStep = 'usage partitions' | 'audit partitions' | 'reservations' | 'rollups' | 'history';

export interface UpkeepOutcome {
  readonly step: UpkeepStep;
  /** What was done, e.g. partitions made; 0 when nothing was due. */
  readonly done: number;
  /** In what `done` counts. */
  readonly unit: 'partitions' | 'reservations' | 'buckets' | 'days';
  /** The error's code and message, where the step failed. */
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  readonly durationMs: number;
}

export interface MaintainReport {
  readonly steps: readonly UpkeepOutcome[];
  /** What is late after all that, in words; empty when nothing is. */
  readonly late: readonly string[];
  readonly state: UpkeepState;
}

export interface MaintainCalls {
  /** Does what is due, once or until the signal is given. */
  maintain(choice?: MaintainChoice): Promise<MaintainReport>;
}

const loadUsage = () => import('../usage/index.js');

export function maintainCalls(context: ProjectContext): MaintainCalls {
  return {
    maintain: async ({ check = false, watchEveryMs, onRound } = {}) => {
      let report = await round(context, check);
      onRound?.(report);
      while (watchEveryMs !== undefined && !context.signal?.aborted) {
        try {
          await sleep(watchEveryMs, undefined, context.signal ? { signal: context.signal } : {});
          report = await round(context, check);
          onRound?.(report);
        } catch (error) {
          // Being told to stop is the ordinary end.
          if (!context.signal?.aborted) {
            throw error;
          }
        }
      }
      return report;
    },
  };
}

async function round(context: ProjectContext, check: boolean): Promise<MaintainReport> {
  const steps: UpkeepOutcome[] = [];
  if (!check) {
    for (const { step, unit, work } of upkeep(context)) {
      if (!context.signal?.aborted) {
        steps.push(await attempted(step, unit, work));
      }
    }
  }
  const { upkeepState } = await loadUsage();
  const { history, partitionsAhead } = context.config.settings.usage;
  const state = await withSession(await context.databaseOf(ANALYTICS_TARGET), (session) =>
    upkeepState(session, history ? { sealAfterDays: days(history.sealAfter) } : {}),
  );
  return { steps, late: lateness(state, partitionsAhead), state };
}

interface Due {
  readonly step: UpkeepStep;
  readonly unit: UpkeepOutcome['unit'];
  work(): Promise<number>;
}

const DAY_MS = 86_400_000;

function days(ms: number): number {
  return Math.max(1, Math.round(ms / DAY_MS));
}

function upkeep(context: ProjectContext): readonly Due[] {
  const { partitionsAhead, history } = context.config.settings.usage;
  const on = async <T>(target: string, work: (session: Session) => Promise<T>): Promise<T> =>
    withSession(await context.databaseOf(target), work);
  const from = new Date();
  const to = new Date(from.getTime() + partitionsAhead);
  return [
    {
      step: 'usage partitions',
      unit: 'partitions',
      work: async () => {
        const { ensureUsagePartitions } = await loadUsage();
        return on(ANALYTICS_TARGET, (session) =>
          waitingForLocks(session, LOCK_WAIT_MS, () => ensureUsagePartitions(session, { from, to })),
        );
      },
    },
    {
      step: 'audit partitions',
      unit: 'partitions',
      work: () =>
        on(OPERATIONAL_TARGET, (session) =>
          waitingForLocks(session, LOCK_WAIT_MS, async () => {
            const [row] = await session.query<{ made: number }>(
              'select platform.ensure_audit_event_partitions($1, $2) as made',
              [from, new Date(Math.max(to.getTime(), from.getTime() + 35 * DAY_MS))],
            );
            return row!.made;
          }),
        ),
    },
    {
      step: 'reservations',
      unit: 'reservations',
      work: async () => on(OPERATIONAL_TARGET, (await loadUsage()).releaseExpiredReservations),
    },
    {
      step: 'rollups',
      unit: 'buckets',
      work: async () => {
        const { expireRollups, readRollups, refreshRollups } = await loadUsage();
        const rollups = readRollups(context.config.root);
        const { rollups: refreshed } = await on(ANALYTICS_TARGET, async (session) => {
          const refresh = await refreshRollups(session, {
            rollups,
            ...(context.signal ? { signal: context.signal } : {}),
          });
          await expireRollups(session, rollups);
          return refresh;
        });
        return refreshed.reduce((sum, { buckets }) => sum + buckets, 0);
      },
    },
    ...(history
      ? [{ step: 'history' as const, unit: 'days' as const, work: () => moveDays(context, history) }]
      : []),
  ];
}

interface HistorySettings {
  readonly store: string;
  readonly sealAfter: number;
}

/** Moves the days that are due, the oldest first; a day that cannot be moved holds back those after it. */
async function moveDays(context: ProjectContext, history: HistorySettings): Promise<number> {
  const { sealUsageDay, upkeepState } = await loadUsage();
  const workFolder = join(context.config.root, '.plinth', 'history-work');
  mkdirSync(workFolder, { recursive: true });
  const store = historyStore(context, history.store);
  return withSession(await context.databaseOf(ANALYTICS_TARGET), async (session) => {
    const { dueDays } = await upkeepState(session, { sealAfterDays: days(history.sealAfter) });
    let moved = 0;
    for (const day of dueDays) {
      await sealUsageDay(session, day, {
        store,
        workFolder,
        onProgress: context.onProgress,
        ...(context.signal ? { signal: context.signal } : {}),
      });
      moved += 1;
    }
    return moved;
  });
}

async function attempted(
  step: UpkeepStep,
  unit: UpkeepOutcome['unit'],
  work: () => Promise<number>,
): Promise<UpkeepOutcome> {
  const startedMs = performance.now();
  const ended = (done: number, error?: unknown): UpkeepOutcome => {
    const durationMs = performance.now() - startedMs;
    const failure = error === undefined ? undefined : failureOf(error);
    observe('plinth.upkeep.duration', durationMs / 1000, {
      'plinth.upkeep.step': step,
      'error.type': failure?.code,
    });
    count('plinth.upkeep.done', done, { 'plinth.upkeep.step': step });
    log(failure ? 'error' : 'info', 'upkeep.step', {
      step,
      done,
      duration_ms: Math.round(durationMs),
      ...(failure ? { error_code: failure.code } : {}),
    });
    return { step, unit, done, failure, durationMs };
  };
  try {
    return ended(await work());
  } catch (error) {
    return ended(0, error);
  }
}

function failureOf(error: unknown): NonNullable<UpkeepOutcome['failure']> {
  return isPlinthError(error)
    ? { code: error.code, message: error.message }
    : { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}

/** How long upkeep waits for locks, in milliseconds. */
const LOCK_WAIT_MS = 10_000;

/** Marks older than this mean that nobody rolls up. */
const LATE_MARKS_MS = 15 * 60_000;

function lateness(state: UpkeepState, partitionsAhead: number): string[] {
  const now = Date.now();
  const { madeUntil, oldestMarkAt, dueDays } = state;
  const markAge = oldestMarkAt ? now - oldestMarkAt.getTime() : 0;
  return [
    ...(madeUntil === undefined
      ? ['there is no partition for the usage events of today']
      : madeUntil.getTime() - now < partitionsAhead / 2
        ? [`partitions of usage events end at ${madeUntil.toISOString().slice(0, 10)}`]
        : []),
    ...(markAge > LATE_MARKS_MS
      ? [`changes of usage have waited ${Math.round(markAge / 60_000)} minutes to be rolled up`]
      : []),
    ...(dueDays.length > 0
      ? [
          `${dueDays.length} ${dueDays.length === 1 ? 'day' : 'days'} should be in the history, from ${dueDays[0]} on`,
        ]
      : []),
  ];
}
