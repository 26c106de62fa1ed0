/**
 * Sessions that outlive those who used them, for work that opens many on one database: a new one starts with cold
 * caches, and most of a short run is then spent on filling them.
 *
 * Who connects gets a session as if it were new: what the one before has left open, set or made for the session is
 * taken back when it closes. Where that cannot be done the session ends: after a change of the settings that sessions
 * start with (`alter role … set`), which ends all that are free.
 *
 * Not told from a new one is a session in which a setting of no loaded extension was made (`set app.user = …`): it
 * reads as empty from then on, and does not fail. SQL cannot see that.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectOptions, Database, Session } from './session.js';

export interface SessionPool {
  /** Lends its sessions. */
  readonly database: Database;
  /** Ends the sessions that are free; those that are lent end when they are given back. */
  close(): Promise<void>;
}

/** One that the pool has opened. */
interface Opened {
  readonly session: Session;
  readonly applicationName: string | undefined;
  /** What sessions start with, as it was then. */
  readonly defaults: string;
}

export function sessionPool(database: Database): SessionPool {
  const free: Opened[] = [];
  let isClosed = false;
  const endFree = async (): Promise<void> => {
    await Promise.all(free.splice(0).map(({ session }) => session.close()));
  };
  const takeBack = async (opened: Opened): Promise<void> => {
    const { session, defaults } = opened;
    const found = isClosed || !session.isOpen ? undefined : await madeNew(session);
    if (found === undefined || isClosed) {
      await session.close();
    } else if (found === defaults) {
      free.push(opened);
    } else {
      await Promise.all([session.close(), endFree()]);
    }
  };
  const connect = async (options: ConnectOptions = {}): Promise<Session> => {
    const { applicationName } = options;
    // Each does again what it did before, and has what that takes in its caches.
    const place = free.findLastIndex((opened) => opened.applicationName === applicationName);
    const [found] = place === -1 ? [] : free.splice(place, 1);
    return lent(found ?? (await open(database, options)), takeBack);
  };
  return {
    database: { ...database, connect },
    async close() {
      isClosed = true;
      await endFree();
    },
  };
}

async function open(database: Database, options: ConnectOptions): Promise<Opened> {
  const session = await database.connect(options);
  try {
    const defaults = (await madeNew(session)) ?? '';
    return { session, applicationName: options.applicationName, defaults };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** `discard all` in pieces that can share a message, without what the driver has prepared; then what is left. */
const MAKE_NEW = [
  'rollback',
  'close all',
  'reset session authorization',
  'reset role',
  'reset all',
  'unlisten *',
  'select pg_catalog.pg_advisory_unlock_all()',
  'discard temporary',
  'discard sequences',
  `select pg_catalog.json_build_array(
     (select pg_catalog.string_agg(pg_catalog.format('deallocate %I', name), ';')
        from pg_catalog.pg_prepared_statements where from_sql),
     (select pg_catalog.json_agg(s order by s::pg_catalog.text)::pg_catalog.text
        from pg_catalog.pg_db_role_setting as s))`,
].join(';');

/** A statement may still run, which the end of a session does not wait for. */
const LONGEST_MS = 2000;

/** @returns what sessions start with; `undefined` where the session could not be made new */
async function madeNew(session: Session): Promise<string | undefined> {
  return await Promise.race([makeNew(session), sleep(LONGEST_MS, undefined, { ref: false })]);
}

async function makeNew(session: Session): Promise<string | undefined> {
  let last = '[]';
  try {
    await session.run(MAKE_NEW, (_, value = last) => {
      last = value;
    });
    const [prepared, defaults] = JSON.parse(last) as (string | null)[];
    if (prepared) {
      await session.run(prepared);
    }
    return defaults ?? '';
  } catch {
    return undefined;
  }
}

/** The session until it is closed, which gives it back. */
function lent(opened: Opened, takeBack: (opened: Opened) => Promise<void>): Session {
  const { session } = opened;
  const listening = new Set<() => void>();
  let givenBack: Promise<void> | undefined;
  return {
    capabilities: session.capabilities,
    server: session.server,
    get isOpen() {
      return givenBack === undefined && session.isOpen;
    },
    get isDirect() {
      return session.isDirect;
    },
    query: (sql, values, options) => session.query(sql, values, options),
    run: (sql, onStatement) => session.run(sql, onStatement),
    transaction: (work, isolation) => session.transaction(work, isolation),
    copyIn: (sql, chunks) => session.copyIn(sql, chunks),
    copyOut: (sql) => session.copyOut(sql),
    onNotice(listener) {
      const stop = session.onNotice(listener);
      listening.add(stop);
      return () => {
        listening.delete(stop);
        stop();
      };
    },
    cancel: () => session.cancel(),
    close() {
      givenBack ??= (async () => {
        for (const stop of listening) {
          stop();
        }
        await takeBack(opened);
      })();
      return givenBack;
    },
  };
}
