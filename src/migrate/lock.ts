/**
 * Who migrates a target: a lease in `plinth.locks`, polled and never waited for inside the server, because a
 * session that waits there deadlocks with `create index concurrently`.
 *
 * The lease is a row, so it holds behind a proxy that pools transactions, where session advisory locks do
 * not. Every transaction of a run renews it first (`plinth.hold_lock`) and so holds the row's lock until it
 * ends: nobody can take over in the middle, and a run that lost the lease cannot write. A crash frees it: a
 * holder that was connected directly has lost it once its server process is gone (and not before, since that
 * process may still be at work for a client that died); behind a proxy, once the lease has run out.
 *
 * Rejected: advisory locks (lost or leaked behind a proxy), a table lock (blocks readers of the ledger), a
 * flag that a person must clear.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../database/index.js';
import { quoteLiteral } from '../sql/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import type { LedgerScope } from './ledger/ledger.js';

/** How long a lease lasts unless renewed. */
export const LEASE_MS = 15_000;
const POLL_MS = 250;

export interface LockHolder {
  readonly owner: string;
  readonly processId: number;
  readonly databaseUser: string;
  readonly client: string;
  readonly since: Date;
}

export interface LockRequest extends LedgerScope {
  /** The run's id. */
  readonly owner: string;
  readonly client: string;
  /** How long to wait while another holds the lock, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called once for each holder that is waited for. */
  readonly onWait?: (holder: LockHolder) => void;
}

/**
 * Takes the lock, waiting for another holder up to the time-out.
 * @throws MIGRATE_LOCKED, naming the holder
 */
export async function acquireLock(session: Session, request: LockRequest): Promise<void> {
  const deadline = performance.now() + request.timeoutMs;
  let waitedFor: string | undefined;
  while (!(await tryAcquire(session, request))) {
    const holder = await readHolder(session, request);
    if (holder && holder.owner !== waitedFor) {
      waitedFor = holder.owner;
      request.onWait?.(holder);
    }
    if (performance.now() >= deadline) {
      throw locked(request, holder);
    }
    await sleep(POLL_MS * (0.5 + Math.random()), undefined, request.signal ? { signal: request.signal } : {});
  }
}

/** Gives the lock back; nothing happens when it was lost. */
export async function releaseLock(session: Session, scope: LedgerScope, owner: string): Promise<void> {
  await session.query(
    `update plinth.locks
        set owner = null, process_id = null, backend_start = null, direct = null, database_user = null,
            client = null, since = null, expires_at = null
      where target = $1 and scope = $2 and owner = $3`,
    [scope.target, scope.scope, owner],
  );
}

/** The SQL that renews the lease inside a transaction, or fails with SQLSTATE PL001 when it was lost. */
export function holdLock(scope: LedgerScope, owner: string): string {
  const values = [scope.target, scope.scope, owner].map(quoteLiteral).join(', ');
  return `select plinth.hold_lock(${values}, interval '${LEASE_MS} ms')`;
}

/** Who holds the lock now, if anybody does. */
export async function readHolder(session: Session, scope: LedgerScope): Promise<LockHolder | undefined> {
  const [row] = await session.query<{
    owner: string;
    process_id: number;
    database_user: string;
    client: string;
    since: Date;
  }>(
    `select owner, process_id, database_user, client, since
       from plinth.locks
      where target = $1 and scope = $2 and owner is not null`,
    [scope.target, scope.scope],
  );
  return (
    row && {
      owner: row.owner,
      processId: row.process_id,
      databaseUser: row.database_user,
      client: row.client,
      since: row.since,
    }
  );
}

const TRY_ACQUIRE = `
  with free as (
    select l.target, l.scope
      from plinth.locks as l
     where l.target = $1
       and l.scope = $2
       and (l.owner is null
            or l.owner = $3
            or (not l.direct and l.expires_at < clock_timestamp())
            or (l.direct
                and not exists (
                  select
                    from pg_catalog.pg_stat_activity as a
                   where a.pid = l.process_id
                     and coalesce(a.backend_start = l.backend_start, l.expires_at > clock_timestamp()))))
       for update skip locked
  )
  update plinth.locks as l
     set owner = $3,
         process_id = pg_catalog.pg_backend_pid(),
         backend_start = (select a.backend_start
                            from pg_catalog.pg_stat_activity as a
                           where a.pid = pg_catalog.pg_backend_pid()),
         direct = $5,
         database_user = current_user,
         client = $4,
         since = clock_timestamp(),
         expires_at = clock_timestamp() + interval '${LEASE_MS} ms'
    from free
   where l.target = free.target
     and l.scope = free.scope
  returning l.owner`;

async function tryAcquire(session: Session, request: LockRequest): Promise<boolean> {
  const key = [request.target, request.scope];
  const taken = await session.query(TRY_ACQUIRE, [...key, request.owner, request.client, session.isDirect]);
  if (taken.length > 0) {
    return true;
  }
  const made = await session.query(
    'insert into plinth.locks (target, scope) values ($1, $2) on conflict do nothing returning target',
    key,
  );
  return made.length > 0 && tryAcquire(session, request);
}

function locked(request: LockRequest, holder: LockHolder | undefined): Error {
  const who = holder
    ? `${holder.client} holds the lock since ${holder.since.toISOString()} (database user ${holder.databaseUser}, server process ${holder.processId})`
    : 'another run holds the lock';
  return MIGRATE_ERRORS.LOCKED({
    message: `Cannot migrate target '${request.target}': ${who}`,
    ...(holder
      ? { hint: `Wait for it, or when it is stuck: select pg_terminate_backend(${holder.processId});` }
      : {}),
    details: { target: request.target, ...(holder ? { holder } : {}) },
  });
}
