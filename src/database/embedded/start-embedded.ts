/**
 * The embedded PostgreSQL of a project: the server that is there without installing one. It lives in
 * `.plinth/postgres-<major>/`, is started when first needed, goes on running when the command ends, and is found
 * again by the next command. Any number of processes may ask for it at once: one starts it, the others attach.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPlinthError, silent } from '../../core/index.js';
import { ensureDatabase } from '../ensure-database.js';
import { DATABASE_ERRORS } from '../errors.js';
import { embeddedBinaries, type PostgresBinaries } from './binaries.js';
import { EMBEDDED_DATABASE } from './credentials.js';
import { type EmbeddedOptions, type EmbeddedServer, embeddedServer } from './embedded-server.js';
import { majorOf } from './embedded-target.js';
import { initializeCluster, isInitialized } from './initialize.js';
import { launchServer } from './launch.js';
import { checkOwner, claimPlace, existingPlace, type Place, takeOwnership } from './place.js';
import { freePort, isPortFree } from './port.js';
import { runnableBinaries } from './runnable-binaries.js';
import { connectTo, findRunning, type RunningServer, settleRunning } from './running-server.js';
import { withStartLock } from './start-lock.js';
import { readState, writeState } from './state.js';

/**
 * Attaches to the project's embedded server; starts it first where it does not run, and makes its data folder and
 * the database `plinth` where there are none.
 *
 * @example const server = await startEmbedded({ projectDir: process.cwd() });
 * @throws DATABASE_EMBEDDED_UNSUPPORTED, DATABASE_EMBEDDED_PORT, DATABASE_EMBEDDED_FOLDER,
 * DATABASE_EMBEDDED_OWNER, DATABASE_EMBEDDED_NOT_STARTED
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  options.signal?.throwIfAborted();
  const major = majorOf(options);
  const known = existingPlace(options.projectDir, major);
  if (known) {
    checkOwner(known);
  }
  const running = known && (await findRunning(known));
  if (running) {
    return attached(running, options);
  }
  const binaries = options.binaries ?? embeddedBinaries();
  const place = claimPlace(options.projectDir, major, options.onProgress ?? silent);
  return await withStartLock(place.lockFile, () => start(place, binaries, options), options.signal);
}

/** A server may be on its last legs, or a port may be taken between looking and using: such starts are repeated. */
const START_ATTEMPTS = 8;

async function start(
  place: Place,
  packaged: PostgresBinaries,
  options: EmbeddedOptions,
): Promise<EmbeddedServer> {
  for (let attempt = 1; ; attempt += 1) {
    const running = await settleRunning(place, options.signal);
    if (running) {
      return attached(running, options);
    }
    try {
      return await startOnce(place, packaged, options);
    } catch (error) {
      if (options.port !== undefined && isPortTaken(error)) {
        throw portTaken(options.port);
      }
      if (attempt === START_ATTEMPTS || !isPassing(error)) {
        throw error;
      }
      await sleep(100 * attempt, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}

async function startOnce(
  place: Place,
  packaged: PostgresBinaries,
  options: EmbeddedOptions,
): Promise<EmbeddedServer> {
  const { onProgress = silent, durable = true, makesDatabase = true, settings, signal } = options;
  onProgress({ task: 'start PostgreSQL', state: 'running' });
  const binaries = runnableBinaries(packaged, place.serverDir, place.runAs);
  if (!isInitialized(place)) {
    await initializeCluster(place, binaries, { durable, signal });
  }
  takeOwnership(place);
  const port = await choosePort(place, options.port);
  const file = await launchServer(place, binaries, { port, durable, settings, signal });
  const running = await connectTo(place, file);
  if (makesDatabase) {
    await ensureDatabase(running.url, EMBEDDED_DATABASE);
  }
  writeState(running, durable);
  onProgress({ task: 'start PostgreSQL', state: 'done', message: `PostgreSQL runs on port ${port}` });
  return embeddedServer(running, options, true);
}

async function choosePort(place: Place, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (!(await isPortFree(wanted))) {
      throw portTaken(wanted);
    }
    return wanted;
  }
  const before = readState(place)?.port;
  return before !== undefined && (await isPortFree(before)) ? before : await freePort(place.projectDir);
}

function attached(running: RunningServer, options: EmbeddedOptions): EmbeddedServer {
  if (options.port !== undefined && options.port !== running.port) {
    throw DATABASE_ERRORS.EMBEDDED_PORT({
      message: `Cannot start the embedded PostgreSQL on port ${options.port}: it runs already, on port ${running.port}`,
      hint: 'Stop it first, or leave the port out.',
      details: { port: options.port, runningPort: running.port },
    });
  }
  return embeddedServer(running, options, false);
}

function portTaken(port: number): Error {
  return DATABASE_ERRORS.EMBEDDED_PORT({
    message: `Cannot start the embedded PostgreSQL on port ${port}: another program listens there`,
    details: { port },
  });
}

/** A start that may succeed a moment later: the port was taken meanwhile, or an old server is not quite gone. */
function isPassing(error: unknown): boolean {
  return (
    isPortTaken(error) ||
    /pre-existing shared memory block|lock file ".*" already exists/.test(logTailOf(error))
  );
}

function isPortTaken(error: unknown): boolean {
  return /could not bind .* address "127\.0\.0\.1"|could not create any TCP\/IP sockets/.test(
    logTailOf(error),
  );
}

function logTailOf(error: unknown): string {
  return isPlinthError(error) ? String(error.details.logTail ?? '') : '';
}
