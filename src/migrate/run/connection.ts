/** The connection of a run: replaced by a new one when the server or the network ends it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPlinthError } from '../../core/index.js';
import type { Database, Session } from '../../database/index.js';

const RECONNECT_FOR_MS = 30_000;

export interface RunConnection {
  /** The session in use now. Ask again after `reconnect`. */
  readonly session: Session;
  /** Opens a new session in place of a lost one, for up to 30 s while the server restarts. */
  reconnect(): Promise<Session>;
  close(): Promise<void>;
}

export async function openRunConnection(database: Database): Promise<RunConnection> {
  let session = await database.connect();
  return {
    get session() {
      return session;
    },
    async reconnect() {
      await session.close();
      const deadline = performance.now() + RECONNECT_FOR_MS;
      for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 1000)) {
        try {
          session = await database.connect();
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
    close: () => session.close(),
  };
}
