/** Finding a server that runs. */
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { withDatabaseName } from '../connection-url.js';
import { openDatabase } from '../open.js';
import { withSession } from '../session.js';
import { EMBEDDED_USER } from './cluster.js';
import { isPostgresProcess, readPidFile } from './pid-file.js';
import type { Place } from './place.js';

export interface AttachedServer {
  readonly place: Place;
  readonly port: number;
  readonly url: string;
}

/**
 * The server of this place, if it runs: the pid file names a living server that is ready, and a connection
 * shows that it serves this data folder and no copy of it.
 */
export async function attach(place: Place): Promise<AttachedServer | undefined> {
  const file = readPidFile(place.dataDir);
  if (!file || file.status !== 'ready' || !isPostgresProcess(file.pid)) {
    return undefined;
  }
  const url = serverUrl(place, file.port);
  return (await serves(url, place.dataDir)) ? { place, port: file.port, url } : undefined;
}

async function serves(url: string, dataDir: string): Promise<boolean> {
  try {
    return await withSession(openDatabase(withDatabaseName(url, 'postgres')), async (session) => {
      const [row] = await session.query<{ folder: string }>(
        `select current_setting('data_directory') as folder`,
      );
      return realpathSync(row!.folder) === realpathSync(dataDir);
    });
  } catch {
    return false;
  }
}

/** The connection string of the database `plinth` on this place's server. */
export function serverUrl(place: Place, port: number): string {
  const password = readFileSync(join(place.stateDir, 'password'), 'utf8').trim();
  return `postgresql://${EMBEDDED_USER}:${password}@127.0.0.1:${port}/${EMBEDDED_USER}?sslmode=disable`;
}
