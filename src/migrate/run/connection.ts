/** The connection of a run: replaced by a new one when the server or the network ends it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPlinthError } from '../../core/index.js';
import type { Database, Notice, Session } from '../../database/index.js';
import { LEAVE_LEDGER_SCHEMA } from './search-path.js';

const RECONNECT_FOR_MS = 30_000;

export interface RunConnection {
  /** The session in use now. Ask again after `reconnect`. */
  readonly session: Session;
  /** Opens a new session in place of a lost one, for up to 30 s while the server restarts. */
  reconnect(): Promise<Session>;
  /**
   * Takes back whatever scripts have set for the session, their role included. What they have set for sessions to
   * come (`alter database … set`, `alter role … set`) holds from here on, as it would in a new session.
   */
  restoreSettings(): Promise<void>;
  /** Calls `listener` for every notice, on this session and on those that replace it; returns what removes it. */
  onNotice(listener: (notice: Notice) => void): () => void;
  close(): Promise<void>;
}

export async function openRunConnection(database: Database): Promise<RunConnection> {
  const listeners = new Set<(notice: Notice) => void>();
  const open = async (): Promise<Session> => {
    const opened = await database.connect();
    opened.onNotice((notice) => {
      for (const listener of listeners) {
        listener(notice);
      }
    });
    await endWithClient(opened, LEAVE_LEDGER_SCHEMA);
    return opened;
  };
  let session = await open();
  return {
    get session() {
      return session;
    },
    async reconnect() {
      await session.close();
      const deadline = performance.now() + RECONNECT_FOR_MS;
      for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 1000)) {
        try {
          session = await open();
          return session;
        } catch (error) {
          const passing = isPlinthError(error, 'DATABASE_UNREACHABLE', 'DATABASE_CONNECTION_LOST');
          if (!passing || performance.now() + delayMs > deadline) {
            throw error;
          }
          await sleep(delayMs);
        }
      }
    },
    async restoreSettings() {
      await endWithClient(
        session,
        `reset session authorization;reset role;reset all;${AS_NEW_SESSION};${LEAVE_LEDGER_SCHEMA}`,
      );
    },
    onNotice(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => session.close(),
  };
}

/** What a new session of this role in this database would start with; the most specific setting comes last. */
const AS_NEW_SESSION = `
  select pg_catalog.set_config(split_part(c.setting, '=', 1), substr(c.setting, strpos(c.setting, '=') + 1), false)
    from (select unnest(s.setconfig) as setting, s.setrole <> 0 as of_role, s.setdatabase <> 0 as of_database
            from pg_catalog.pg_db_role_setting as s
           where s.setrole in (0, (select r.oid from pg_catalog.pg_roles as r where r.rolname = session_user))
             and s.setdatabase in (0, (select d.oid
                                         from pg_catalog.pg_database as d
                                        where d.datname = pg_catalog.current_database()))) as c
    left join pg_catalog.pg_settings as known on known.name = split_part(c.setting, '=', 1)
   where coalesce(known.context, 'user') = 'user'
   order by c.of_role, c.of_database`;

/**
 * The server gives up a client whose machine is gone after about 25 s, where the system's default is two hours; and
 * it reads backslashes in strings as the division into statements did.
 */
const KEEPALIVES =
  'set tcp_keepalives_idle = 10;set tcp_keepalives_interval = 5;set tcp_keepalives_count = 3;set standard_conforming_strings = on';

/**
 * Asks the server to look, every two seconds, whether this client still lives: after a crash its statement
 * ends and the lock is free. Some servers cannot (Windows), and a proxy's process serves others too.
 * @param before what to run first, in the same message
 */
async function endWithClient(session: Session, before: string): Promise<void> {
  if (!session.isDirect) {
    return;
  }
  try {
    await session.run(`${before};set client_connection_check_interval = '2s';${KEEPALIVES}`);
  } catch (error) {
    if (isPlinthError(error, 'DATABASE_CONNECTION_LOST')) {
      throw error;
    }
    await session.run(`${before};${KEEPALIVES}`);
  }
}
