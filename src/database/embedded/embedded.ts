/**
 * The embedded PostgreSQL of a project: the server that is there without installing one. It lives in
 * `.plinth/postgres-<major>/`, is started when first needed, goes on running when the command ends, and is found
 * again by the next command. Any number of processes may ask for it at once; one starts it, the others attach.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type OnProgress, silent, writeFileAtomic } from '../../core/index.js';
import { ensureDatabase } from '../ensure-database.js';
import { DATABASE_ERRORS } from '../errors.js';
import { type AttachedServer, attach, serverUrl } from './attach.js';
import { EMBEDDED_MAJOR, embeddedBinaries, type PostgresBinaries } from './binaries.js';
import { EMBEDDED_USER, initializeCluster, launchServer, stopServer } from './cluster.js';
import { claimPlace, existingPlace, type Place } from './place.js';
import { freePort, isPortFree } from './port.js';
import { runnableBinaries } from './runnable-binaries.js';
import { withStartLock } from './start-lock.js';
import { readState, writeState } from './state.js';

export interface EmbeddedOptions {
  /** The project's folder; the server's files are in its `.plinth/postgres-<major>/`. */
  readonly projectDir: string;
  /** The PostgreSQL programs to use; those of the installed platform package unless told. */
  readonly binaries?: PostgresBinaries;
  /** A port that must be used; else the one used before, if it is free, or another free one. */
  readonly port?: number;
  /** False trades crash safety for speed, for clusters that are thrown away. Default true. */
  readonly durable?: boolean;
  readonly onProgress?: OnProgress;
  /** Gives up the start. A server that already runs is not touched by it. */
  readonly signal?: AbortSignal;
}

/** A running embedded server. */
export interface EmbeddedServer {
  /** The connection string of the database `plinth`, password included: for handing on, not for printing. */
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly logFile: string;
  /** True when this call started it, false when it was found running. */
  readonly startedHere: boolean;
  /** Stops the server, whoever started it; returns once it has ended. */
  stop(): Promise<void>;
}

/**
 * Attaches to the project's embedded server, starting it first where it does not run, and making its data
 * folder and the database `plinth` where there are none.
 *
 * @example const server = await startEmbedded({ projectDir: process.cwd() });
 * @throws DATABASE_EMBEDDED_UNSUPPORTED, DATABASE_EMBEDDED_PORT, DATABASE_EMBEDDED_FOLDER,
 * DATABASE_EMBEDDED_OWNER, DATABASE_EMBEDDED_NOT_STARTED
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const major = options.binaries?.major ?? EMBEDDED_MAJOR;
  const known = existingPlace(options.projectDir, major);
  const running = known && (await attach(known));
  if (running) {
    return found(running, options);
  }
  const packaged = options.binaries ?? embeddedBinaries();
  const place = claimPlace(options.projectDir, major, options.onProgress ?? silent);
  return await withStartLock(
    join(place.stateDir, 'start.lock'),
    async () => {
      const started = await attach(place);
      return started ? found(started, options) : await start(place, packaged, options);
    },
    options.signal,
  );
}

async function start(
  place: Place,
  packaged: PostgresBinaries,
  options: EmbeddedOptions,
): Promise<EmbeddedServer> {
  const onProgress = options.onProgress ?? silent;
  onProgress({ task: 'start PostgreSQL', state: 'running' });
  const binaries = runnableBinaries(packaged, place.serverDir, place.runAs);
  if (!existsSync(join(place.dataDir, 'PG_VERSION'))) {
    const password = randomBytes(24).toString('base64url');
    writeFileAtomic(join(place.stateDir, 'password'), `${password}\n`, 0o600);
    await initializeCluster(place, binaries, password, options.signal);
  }
  const port = await choosePort(place, options.port);
  const durable = options.durable ?? true;
  const { pid } = await launchServer(place, binaries, { port, durable, signal: options.signal });
  writeState(place, {
    port,
    pid,
    version: binaries.version,
    user: place.runAs?.name ?? null,
    durable,
    startedAt: new Date().toISOString(),
  });
  const url = serverUrl(place, port);
  await ensureDatabase(url, EMBEDDED_USER);
  onProgress({ task: 'start PostgreSQL', state: 'done', message: `PostgreSQL runs on port ${port}` });
  return server({ place, port, url }, true, options);
}

async function choosePort(place: Place, wanted: number | undefined): Promise<number> {
  if (wanted !== undefined) {
    if (!(await isPortFree(wanted))) {
      throw DATABASE_ERRORS.EMBEDDED_PORT({
        message: `Cannot start the embedded PostgreSQL on port ${wanted}: another program listens there`,
        details: { port: wanted },
      });
    }
    return wanted;
  }
  const before = readState(place)?.port;
  return before !== undefined && (await isPortFree(before)) ? before : await freePort(place.dataDir);
}

function found(running: AttachedServer, options: EmbeddedOptions): EmbeddedServer {
  if (options.port !== undefined && options.port !== running.port) {
    throw DATABASE_ERRORS.EMBEDDED_PORT({
      message: `Cannot start the embedded PostgreSQL on port ${options.port}: it already runs on port ${running.port}`,
      hint: 'Stop it first, or leave the port out.',
      details: { port: options.port, runningPort: running.port },
    });
  }
  return server(running, false, options);
}

function server(running: AttachedServer, startedHere: boolean, options: EmbeddedOptions): EmbeddedServer {
  return {
    url: running.url,
    port: running.port,
    dataDir: running.place.dataDir,
    logFile: running.place.logFile,
    startedHere,
    stop: async () => {
      await stopEmbedded(options);
    },
  };
}

/** Which project's server is meant. */
export interface EmbeddedTarget {
  readonly projectDir: string;
  readonly binaries?: PostgresBinaries;
}

/**
 * Stops the project's embedded server; open transactions are rolled back. Returns false when it did not run.
 * @throws DATABASE_EMBEDDED_NOT_STOPPED, DATABASE_EMBEDDED_OWNER
 */
export async function stopEmbedded(target: EmbeddedTarget): Promise<boolean> {
  const place = existingPlace(target.projectDir, target.binaries?.major ?? EMBEDDED_MAJOR);
  if (!place) {
    return false;
  }
  const work = (): Promise<boolean> => stopServer(place, target.binaries);
  return await withStartLock(join(place.stateDir, 'start.lock'), work);
}
