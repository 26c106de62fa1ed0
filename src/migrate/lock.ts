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
 * A lease has a token, new each time it is taken. A run that lost its connection regains it with another
 * token, so that a message which the server has received and not yet begun cannot take effect any more.
 *
 * Rejected: advisory locks (lost or leaked behind a proxy), a table lock (blocks readers of the ledger), a
 * flag that a person must clear.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from '../database/index.js';
import { quoteLiteral } from '../sql/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import { deniedOr, type LedgerScope } from './ledger/ledger.js';

/** An SQL query for how many milliseconds ago the transaction that it stands in has renewed the lease. */
export function sinceHeldSql({ target, scope }: LedgerScope): string {
  return `select ${LEASE_MS} - extract(epoch from expires_at - clock_timestamp()) * 1000 as ms
    from plinth.locks where target = ${quoteLiteral(target)} and scope = ${quoteLiteral(scope)}`;
}

/** How long a lease lasts unless renewed. */
export const LEASE_MS = 15_000;
const POLL_MS = 250;

export interface LockHolder {
  /** The token of the holder's lease. */
  readonly owner: string;
  readonly processId: number;
  readonly databaseUser: string;
  readonly client: string;
  readonly since: Date;
}

export interface LockRequest extends LedgerScope {
  /** Who asks, in words for those who wait. */
  readonly client: string;
  /** How long to wait while another holds the lock, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Called once for each holder that is waited for. */
  readonly onWait?: (holder: LockHolder) => void;
}

/** The lock, held. */
export interface Lease {
  /** The SQL that renews the lease inside a transaction, or fails with SQLSTATE PL001 when it was lost. */
  holdSql(): string;
  /** Renews it, unless a transaction of the run holds the row at this moment: that is as good. */
  renew(session: Session): Promise<void>;
  /**
   * Takes it again after the connection was lost, once the transaction that was under way has ended.
   * @throws MIGRATE_LOCK_LOST when another run has it by now
   */
  regain(session: Session): Promise<void>;
  /** Gives the lock back; nothing happens when it was lost. */
  release(session: Session): Promise<void>;
}

/**
 * Takes the lock, waiting for another holder up to the time-out.
 * @throws MIGRATE_LOCKED, naming the holder; MIGRATE_CANCELLED; MIGRATE_LEDGER_DENIED
 */
export async function acquireLock(session: Session, request: LockRequest): Promise<Lease> {
  const token = randomUUID();
  const deadline = performance.now() + request.timeoutMs;
  let waitedFor: string | undefined;
  while (!(await tryAcquire(session, request, token))) {
    const holder = await readHolder(session, request);
    if (holder && holder.owner !== waitedFor) {
      waitedFor = holder.owner;
      request.onWait?.(holder);
    }
    if (performance.now() >= deadline) {
      throw locked(request, holder);
    }
    await pause(request);
  }
  return heldLease(request, token);
}

function heldLease(request: LockRequest, firstToken: string): Lease {
  const key = [request.target, request.scope];
  let token = firstToken;
  // Whether an attempt to regain it took effect may itself be unknown: then any of these is ours.
  const own = [firstToken];
  return {
    holdSql: () => {
      const values = [...key, token].map(quoteLiteral).join(', ');
      return `select plinth.hold_lock(${values}, interval '${LEASE_MS} ms')`;
    },
    renew: async (session) => {
      await session.query(RENEW, [...key, token]);
    },
    regain: async (session) => {
      token = randomUUID();
      own.push(token);
      while (!(await tryAcquire(session, request, token, own))) {
        const holder = await readHolder(session, request);
        if (holder && !own.includes(holder.owner)) {
          throw MIGRATE_ERRORS.LOCK_LOST({
            message: `Cannot go on migrating target '${request.target}': ${holder.client} has taken the lock over`,
            details: { target: request.target, holder },
          });
        }
        await pause(request);
      }
    },
    release: async (session) => {
      await session.query(RELEASE, [...key, token]);
    },
  };
}

/** Who holds the lock now, if anybody does. A holder that is gone, and so cannot keep it, is none. */
export async function readHolder(session: Session, scope: LedgerScope): Promise<LockHolder | undefined> {
  const [row] = await session.query<{
    owner: string;
    process_id: number;
    database_user: string;
    client: string;
    since: Date;
  }>(
    `select l.owner, l.process_id, l.database_user, l.client, l.since
       from plinth.locks as l
      where l.target = $1 and l.scope = $2 and l.owner is not null and not (${HOLDER_IS_GONE})`,
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

/**
 * A role may not see when the process of another role started: there the lease decides. The database counts too:
 * a copy of a database brings along the lease of whoever migrated the original. The view `pg_stat_activity` says the
 * same and takes a session twice as long.
 */
const HOLDER_IS_GONE = `
  (not l.direct and l.expires_at < clock_timestamp())
  or (l.direct
      and not exists (
        select
          from pg_catalog.pg_stat_get_activity(l.process_id) as a
         where a.pid = l.process_id
           and a.datid = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database())
           and coalesce(a.backend_start = l.backend_start, l.expires_at > clock_timestamp())))`;

const TRY_ACQUIRE = `
  with free as (
    select l.target, l.scope
      from plinth.locks as l
     where l.target = $1
       and l.scope = $2
       and (l.owner is null or l.owner = any ($6) or ${HOLDER_IS_GONE})
       for update skip locked
  )
  update plinth.locks as l
     set owner = $3,
         process_id = pg_catalog.pg_backend_pid(),
         backend_start = (select a.backend_start
                            from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) as a),
         direct = $5,
         database_user = current_user,
         client = $4,
         since = clock_timestamp(),
         expires_at = clock_timestamp() + interval '${LEASE_MS} ms'
    from free
   where l.target = free.target
     and l.scope = free.scope
  returning l.owner`;

const RENEW = `
  update plinth.locks as l
     set expires_at = clock_timestamp() + interval '${LEASE_MS} ms'
    from (select target, scope
            from plinth.locks
           where target = $1 and scope = $2 and owner = $3
             for update skip locked) as mine
   where l.target = mine.target and l.scope = mine.scope`;

const RELEASE = `
  update plinth.locks
     set owner = null, process_id = null, backend_start = null, direct = null, database_user = null,
         client = null, since = null, expires_at = null
   where target = $1 and scope = $2 and owner = $3`;

/** @param own the tokens that this run may hold the lock with already */
async function tryAcquire(
  session: Session,
  request: LockRequest,
  token: string,
  own: readonly string[] = [],
): Promise<boolean> {
  const key = [request.target, request.scope];
  const values = [...key, token, request.client, session.isDirect, own];
  const taken = await session.query(TRY_ACQUIRE, values).catch((error: unknown) => {
    throw deniedOr(error, session);
  });
  if (taken.length > 0) {
    return true;
  }
  // Only where there is none: an insert would wait for the transaction in which the holder has renewed the row.
  const made = await session.query(
    `insert into plinth.locks (target, scope)
     select $1, $2 where not exists (select from plinth.locks where target = $1 and scope = $2)
     on conflict do nothing returning target`,
    key,
  );
  return made.length > 0 && tryAcquire(session, request, token, own);
}

async function pause({ signal, target }: LockRequest): Promise<void> {
  try {
    await sleep(POLL_MS * (0.5 + Math.random()), undefined, signal ? { signal } : {});
  } catch (cause) {
    throw MIGRATE_ERRORS.CANCELLED({ message: `Stopped waiting for the lock of target '${target}'`, cause });
  }
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
