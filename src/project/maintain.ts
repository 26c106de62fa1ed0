/**
 * Upkeep: what must be done again and again so that events always find their partition, rollups keep up, reservations
 * of requests that died are given back, and old days move to the history. Each step stands for itself: one that fails
 * is told and stops no other, and whatever was not done is done the next time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPlinthError } from '../core/index.js';
import { type Session, waitingForLocks, withSession } from '../database/index.js';
import { count, log, observe } from '../telemetry/index.js';
import type { Lateness, Pace, UpkeepState } from '../usage/index.js';
import type { ProjectContext } from './context.js';
import { historyFiles } from './history-files.js';
import { historyUpkeep } from './history-upkeep.js';
import { OPERATIONAL_TARGET } from './tenants.js';
import { readUpkeep } from './upkeep.js';
import { ANALYTICS_TARGET } from './usage.js';

export interface MaintainChoice {
  /** Only tell what is late. */
  readonly check?: boolean;
  /** Go on until the signal is given, with so many milliseconds between two rounds. */
  readonly watchEveryMs?: number;
  /** Told what each round has done. */
  readonly onRound?: (report: MaintainReport) => void;
}

export type UpkeepStep =
  | 'usage partitions'
  | 'audit partitions'
  | 'reservations'
  | 'rollups'
  | 'history'
  | 'replaced files';

export interface UpkeepOutcome {
  readonly step: UpkeepStep;
  /** What was done, e.g. partitions made; 0 when nothing was due. */
  readonly done: number;
  /** In what `done` counts. */
  readonly unit: 'partitions' | 'reservations' | 'buckets' | 'days' | 'files';
  /** The error's code and message, where the step failed. */
  readonly failure: { readonly code: string; readonly message: string } | undefined;
  readonly durationMs: number;
}

export interface MaintainReport {
  readonly steps: readonly UpkeepOutcome[];
  /** What is late after all that, in words; empty when nothing is. */
  readonly late: readonly string[];
  /** How late each thing is that is kept up. */
  readonly lateness: readonly Lateness[];
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
      const { Pace } = await loadUsage();
      const pace = watchEveryMs === undefined ? undefined : new Pace();
      let report = await round(context, check, pace);
      onRound?.(report);
      while (watchEveryMs !== undefined && !context.signal?.aborted) {
        try {
          await sleep(watchEveryMs, undefined, context.signal ? { signal: context.signal } : {});
          report = await round(context, check, pace);
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

async function round(context: ProjectContext, check: boolean, pace?: Pace): Promise<MaintainReport> {
  const steps: UpkeepOutcome[] = [];
  if (!check) {
    for (const { step, unit, work } of upkeep(context, pace)) {
      if (!context.signal?.aborted) {
        steps.push(await attempted(step, unit, work));
      }
    }
  }
  const { usage, lateness } = await readUpkeep(context, async (target, work) =>
    withSession(await context.databaseOf(target), work),
  );
  const late = lateness.filter(({ status }) => status !== 'ok').map(({ message }) => message);
  return { steps, late, lateness, state: usage! };
}

interface Due {
  readonly step: UpkeepStep;
  readonly unit: UpkeepOutcome['unit'];
  work(): Promise<number>;
}

const DAY_MS = 86_400_000;

function upkeep(context: ProjectContext, pace: Pace | undefined): readonly Due[] {
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
        const files = await historyFiles(context);
        const { rollups: refreshed } = await on(ANALYTICS_TARGET, async (session) => {
          const refresh = await refreshRollups(session, {
            rollups,
            ...(pace ? { pace } : {}),
            ...(files ? { history: files } : {}),
            ...(context.signal ? { signal: context.signal } : {}),
          });
          await expireRollups(session, rollups);
          return refresh;
        });
        return refreshed.reduce((sum, { buckets }) => sum + buckets, 0);
      },
    },
    ...(history ? historyUpkeep(context, history, (work) => on(ANALYTICS_TARGET, work)) : []),
  ];
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
