/** A server of our own for one run: started in a temporary folder without fsync, gone with the folder. */
import { rmSync } from 'node:fs';
import { isPlinthError, type OnProgress } from '../../core/index.js';
import { withDatabaseName } from '../connection-url.js';
import type { PostgresBinaries } from '../embedded/binaries.js';
import type { EmbeddedServer } from '../embedded/embedded-server.js';
import { readPidFile } from '../embedded/pid-file.js';
import { startEmbedded } from '../embedded/start-embedded.js';
import { openDatabase } from '../open.js';
import type { Session } from '../session.js';
import { type DatabaseMaker, databaseMaker } from './database-maker.js';
import { roleSets } from './role-sets.js';
import { makeScratchFolder, removeStaleFolders, scratchParents } from './scratch-folder.js';
import type { ScratchServer } from './scratch-server.js';

export interface OwnServerOptions {
  readonly binaries: PostgresBinaries;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal | undefined;
}

export interface OwnServer extends ScratchServer {
  /** A superuser's session on the database `postgres`, for what concerns the whole server. */
  readonly session: Session;
}

/** @throws DATABASE_EMBEDDED_NOT_STARTED, DATABASE_UNREACHABLE */
export async function startOwnServer(options: OwnServerOptions): Promise<OwnServer> {
  await removeStaleFolders();
  const { folder, server } = await startSomewhere(options);
  const removeAtExit = (): void => kill(folder, server);
  process.once('exit', removeAtExit);
  const stop = (): void => {
    process.off('exit', removeAtExit);
    kill(folder, server);
  };
  let session: Session | undefined;
  let maker: DatabaseMaker;
  try {
    const url = withDatabaseName(server.url, 'postgres');
    session = await openDatabase(url).connect({ applicationName: 'plinth scratch' });
    maker = databaseMaker(session, url, 'scratch_', roleSets(session));
  } catch (error) {
    stop();
    throw error;
  }
  const own = session;
  return {
    session: own,
    major: options.binaries.major,
    version: server.version,
    kind: 'own',
    notices: [],
    createDatabase: maker.create,
    useDatabase: maker.use,
    async close() {
      await own.close();
      stop();
    },
  };
}

/** Settings for work that is short and thrown away: what runs in the background would only disturb it. */
const SETTINGS: Readonly<Record<string, string>> = {
  autovacuum: 'off',
  max_locks_per_transaction: '512',
  checkpoint_timeout: '1d',
};

/** In memory where there is plenty; where programs may not run from there and have to be copied, on the disk. */
async function startSomewhere(
  options: OwnServerOptions,
): Promise<{ readonly folder: string; readonly server: EmbeddedServer }> {
  const { binaries, onProgress, signal } = options;
  const parents = scratchParents();
  for (const [index, parent] of parents.entries()) {
    const folder = makeScratchFolder(parent);
    try {
      const server = await startEmbedded({
        projectDir: folder,
        binaries,
        durable: false,
        makesDatabase: false,
        settings: SETTINGS,
        onProgress: ({ task, state = 'running' }) => onProgress({ task, state }),
        ...(signal ? { signal } : {}),
      });
      return { folder, server };
    } catch (error) {
      remove(folder);
      if (index === parents.length - 1 || !isPlinthError(error, 'DATABASE_EMBEDDED_NOT_STARTED')) {
        throw error;
      }
    }
  }
  throw new Error('no folder to try');
}

/** At once and without waiting, so that it also works while the process ends: nothing in it is worth a goodbye. */
function kill(folder: string, server: EmbeddedServer): void {
  const file = readPidFile(server.dataDir);
  if (file) {
    try {
      process.kill(file.pid, process.platform === 'win32' ? 'SIGTERM' : 'SIGQUIT');
    } catch {
      // It has ended by itself.
    }
  }
  remove(folder);
}

/** A server that ends goes on writing for a moment. */
function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
}
