/**
 * Watches a statement from a second connection while it runs: renews the run's lease, notes who blocks it,
 * and reports the progress of an index build. The connection is opened only for statements that last.
 */
import type { OnProgress } from '../../core/index.js';
import type { Database, Session } from '../../database/index.js';
import { maskLiterals } from '../../sql/index.js';
import { LEASE_MS, type Lease } from '../lock.js';

const FIRST_LOOK_MS = 300;
const LOOK_EVERY_MS = 500;
const LAST_LOOK_MS = 1000;

/** A session that a statement had to wait for. */
export interface Blocker {
  readonly processId: number;
  readonly databaseUser: string;
  readonly applicationName: string;
  readonly state: string;
  /** How old its transaction is, in milliseconds. */
  readonly transactionAgeMs: number;
  /** Its last statement, constants masked. */
  readonly query: string;
}

export interface Watched<T> {
  readonly result: T;
  /** How long the statement was seen waiting for locks, in milliseconds, to half a second. */
  readonly lockWaitMs: number;
  readonly blockers: readonly Blocker[];
}

export interface Watch {
  /** Runs `work` under observation. What was seen is also there when it fails, through `lastSeen`. */
  during<T>(session: Session, task: string, work: () => Promise<T>): Promise<Watched<T>>;
  /** What was seen during the last call of `during`. */
  lastSeen(): { readonly lockWaitMs: number; readonly blockers: readonly Blocker[] };
  close(): Promise<void>;
}

export interface WatchOptions {
  readonly database: Database;
  readonly lease: Lease;
  readonly onProgress: OnProgress;
}

export function openWatch(options: WatchOptions): Watch {
  let observer: Promise<Session> | undefined;
  let seen = noBlockers();
  const connected = async (): Promise<Session> => {
    if (observer && !(await observer.catch(() => undefined))?.isOpen) {
      observer = undefined;
    }
    observer ??= options.database.connect({ applicationName: 'plinth watch' });
    return observer;
  };
  const look = async (session: Session, task: string): Promise<void> => {
    // Behind a proxy the process that runs the statement is not known.
    if (session.isDirect) {
      const own = await connected();
      await noteBlockers(own, session.server.processId, seen);
      await reportIndexBuild(own, session.server.processId, task, options.onProgress);
    }
  };
  return {
    async during(session, task, work) {
      seen = noBlockers();
      let running = true;
      let wake = (): void => {};
      const pause = (milliseconds: number): Promise<void> =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      const looking = (async () => {
        await pause(FIRST_LOOK_MS);
        for (let renewedMs = performance.now(); running; ) {
          // Watching is a courtesy: losing the second connection must not fail the run.
          await look(session, task).catch(() => {});
          if (running && performance.now() - renewedMs > LEASE_MS / 3) {
            renewedMs = performance.now();
            await connected()
              .then((own) => options.lease.renew(own))
              .catch(() => {});
          }
          await pause(running ? LOOK_EVERY_MS : 0);
        }
      })();
      try {
        const result = await work();
        return { result, lockWaitMs: seen.lockWaitMs, blockers: [...seen.blockers.values()] };
      } finally {
        running = false;
        wake();
        // A second connection that hangs must not hold up the run.
        await settledWithin(looking, LAST_LOOK_MS);
        options.onProgress({ task, state: 'done' });
      }
    },
    lastSeen: () => ({ lockWaitMs: seen.lockWaitMs, blockers: [...seen.blockers.values()] }),
    async close() {
      await (await observer?.catch(() => undefined))?.close();
    },
  };
}

async function settledWithin(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

interface Seen {
  lockWaitMs: number;
  readonly blockers: Map<number, Blocker>;
}

function noBlockers(): Seen {
  return { lockWaitMs: 0, blockers: new Map() };
}

async function noteBlockers(session: Session, processId: number, seen: Seen): Promise<void> {
  const rows = await session.query<{
    pid: number;
    usename: string | null;
    application_name: string | null;
    state: string | null;
    age_ms: number | null;
    query: string | null;
  }>(
    `select a.pid, a.usename, a.application_name, a.state,
            extract(epoch from clock_timestamp() - a.xact_start)::float8 * 1000 as age_ms, a.query
       from pg_catalog.pg_stat_activity as a
      where a.pid = any (pg_catalog.pg_blocking_pids($1))`,
    [processId],
  );
  for (const row of rows) {
    seen.blockers.set(row.pid, {
      processId: row.pid,
      databaseUser: row.usename ?? '',
      applicationName: row.application_name ?? '',
      state: row.state ?? '',
      transactionAgeMs: Math.round(row.age_ms ?? 0),
      query: maskLiterals(row.query ?? '')
        .replace(/\s+/g, ' ')
        .slice(0, 200),
    });
  }
  if (rows.length > 0) {
    seen.lockWaitMs += LOOK_EVERY_MS;
  }
}

async function reportIndexBuild(
  session: Session,
  processId: number,
  task: string,
  onProgress: OnProgress,
): Promise<void> {
  const [row] = await session.query<{ phase: string; done: number; total: number; unit: string }>(
    `select phase,
            case when blocks_total > 0 then blocks_done else tuples_done end::float8 as done,
            case when blocks_total > 0 then blocks_total else tuples_total end::float8 as total,
            case when blocks_total > 0 then 'blocks' else 'rows' end as unit
       from pg_catalog.pg_stat_progress_create_index
      where pid = $1`,
    [processId],
  );
  onProgress(
    row && row.total > 0
      ? { task: `${task}: ${row.phase}`, done: row.done, total: row.total, unit: row.unit }
      : { task },
  );
}
