/** The connection of a run: replaced by a new one when the server or the network ends it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPlinthError } from '../../core/index.js';
import type { Database, Notice, Session } from '../../database/index.js';

const RECONNECT_FOR_MS = 30_000;

export interface RunConnection {
  /** The session in use now. Ask again after `reconnect`. */
  readonly session: Session;
  /** Opens a new session in place of a lost one, for up to 30 s while the server restarts. */
  reconnect(): Promise<Session>;
  /** Takes back whatever scripts have set for the session, their role included. */
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
    await endWithClient(opened, '');
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
      await endWithClient(session, 'reset session authorization;reset role;reset all;');
    },
    onNotice(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => session.close(),
  };
}

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
    await session.run(`${before}set client_connection_check_interval = '2s';${KEEPALIVES}`);
  } catch (error) {
    if (isPlinthError(error, 'DATABASE_CONNECTION_LOST')) {
      throw error;
    }
    await session.run(`${before}${KEEPALIVES}`);
  }
}
