/** Finding the server that runs on a place's data folder, and clearing up after one that does not run any more. */
import { realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { withDatabaseName } from '../connection-url.js';
import { openDatabase } from '../open.js';
import { withSession } from '../session.js';
import { embeddedConnectionUrl } from './credentials.js';
import { stopServer } from './launch.js';
import { isServerProcess, type PidFile, processExists, readPidFile, removePidFile } from './pid-file.js';
import type { Place } from './place.js';
import { notStarted } from './server-log.js';

const ASK_EVERY_MS = 20;

export interface RunningServer {
  readonly place: Place;
  readonly port: number;
  readonly pid: number;
  /** The server's own version, e.g. `18.4`. */
  readonly version: string;
  readonly url: string;
}

/**
 * The server of this place, if one is ready: the pid file names a living server, and a connection shows that it
 * serves this data folder and not one that this was copied from.
 */
export async function findRunning(place: Place): Promise<RunningServer | undefined> {
  const file = readPidFile(place.dataDir);
  if (file?.status !== 'ready' || !isServerProcess(file)) {
    return undefined;
  }
  try {
    return await connectTo(place, file);
  } catch {
    return undefined;
  }
}

/**
 * The server that the pid file tells of, after a look at it over a connection.
 * @throws DATABASE_EMBEDDED_NOT_STARTED when another data folder is served there
 */
export async function connectTo(place: Place, file: PidFile): Promise<RunningServer> {
  const { pid, port } = file;
  const url = embeddedConnectionUrl(place, port);
  // Every cluster has the database `postgres`; the one of the connection string may not be made yet.
  return await withSession(openDatabase(withDatabaseName(url, 'postgres')), async (session) => {
    const [row] = await session.query<{ folder: string }>(
      `select current_setting('data_directory') as folder`,
    );
    if (!samePath(row!.folder, place.dataDir)) {
      throw notStarted(place, `port ${port} belongs to another data folder`, '');
    }
    return { place, port, pid, version: session.server.version, url };
  });
}

/**
 * Waits until the place has a server that is ready, and returns it, or has none: one that starts or stops is
 * waited for, and what a crash, a copy or a move of the folder left behind is cleared. To be called under the
 * start lock.
 * @throws DATABASE_CREDENTIALS_REFUSED, DATABASE_UNREACHABLE when a server runs on the data folder and refuses us
 */
export async function settleRunning(place: Place, signal?: AbortSignal): Promise<RunningServer | undefined> {
  for (;;) {
    const file = readPidFile(place.dataDir);
    if (!file || !isServerProcess(file)) {
      // PostgreSQL takes any process of its user with the old id for a living server, and would not start.
      if (file && processExists(file.pid)) {
        removePidFile(place.dataDir);
      }
      return undefined;
    }
    if (!samePath(file.dataDir, place.dataDir)) {
      await leaveOtherFolder(place, file.dataDir, file.pid);
      return undefined;
    }
    if (file.status === 'ready') {
      return await connectTo(place, file);
    }
    await sleep(ASK_EVERY_MS, undefined, signal ? { signal } : {});
  }
}

/** The data folder was copied while its server ran, or moved: then that server is ours, and started again. */
async function leaveOtherFolder(place: Place, dataDir: string, pid: number): Promise<void> {
  if (readPidFile(dataDir)?.pid === pid) {
    removePidFile(place.dataDir);
  } else {
    await stopServer(place, undefined);
  }
}

function samePath(left: string, right: string): boolean {
  try {
    return realpathSync(left) === realpathSync(right);
  } catch {
    return false;
  }
}
