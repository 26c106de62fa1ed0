/**
 * Watches a statement from a second connection while it runs: renews the run's lease, notes who blocks it,
 * and reports the progress of an index build. The connection is opened only for statements that last.
 */
import type { OnProgress } from '../../core/index.js';
import type { Database, Session } from '../../database/index.js';
import { maskLiterals } from '../../sql/index.js';
import type { LedgerScope } from '../ledger/ledger.js';
import { LEASE_MS } from '../lock.js';

const FIRST_LOOK_MS = 300;
const LOOK_EVERY_MS = 500;

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

export interface WatchOptions extends LedgerScope {
  readonly database: Database;
  /** The run's id. */
  readonly owner: string;
  readonly onProgress: OnProgress;
}

export function openWatch(options: WatchOptions): Watch {
  let observer: Promise<Session> | undefined;
  let seen = noBlockers();
  const connected = (): Promise<Session> => {
    observer ??= options.database.connect({ applicationName: 'plinth watch' });
    return observer;
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
          const own = await connected();
          await noteBlockers(own, session.server.processId, seen);
          await reportIndexBuild(own, session.server.processId, task, options.onProgress);
          if (performance.now() - renewedMs > LEASE_MS / 3) {
            renewedMs = performance.now();
            await renewLease(own, options);
          }
          await pause(LOOK_EVERY_MS);
        }
        // Watching is a courtesy: losing the second connection must not fail the run.
      })().catch(() => {});
      try {
        const result = await work();
        return { result, lockWaitMs: seen.lockWaitMs, blockers: [...seen.blockers.values()] };
      } finally {
        running = false;
        wake();
        await looking;
        options.onProgress({ task, state: 'done' });
      }
    },
    lastSeen: () => ({ lockWaitMs: seen.lockWaitMs, blockers: [...seen.blockers.values()] }),
    async close() {
      await (await observer?.catch(() => undefined))?.close();
    },
  };
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

/** Skipped while the run's own transaction holds the row: that is as good as a renewal. */
async function renewLease(session: Session, options: WatchOptions): Promise<void> {
  await session.query(
    `update plinth.locks as l
        set expires_at = clock_timestamp() + interval '${LEASE_MS} ms'
       from (select target, scope
               from plinth.locks
              where target = $1 and scope = $2 and owner = $3
                for update skip locked) as mine
      where l.target = mine.target and l.scope = mine.scope`,
    [options.target, options.scope, options.owner],
  );
}
