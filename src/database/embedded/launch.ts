/** Starting and stopping the server process of a cluster. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../core/index.js';
import { DATABASE_ERRORS } from '../errors.js';
import { type PostgresBinaries, programPath } from './binaries.js';
import { isServerProcess, type PidFile, readPidFile } from './pid-file.js';
import type { Place } from './place.js';
import { programIdentity, runProgram } from './program.js';
import { logSince, notStarted, openLog } from './server-log.js';
import { startSettings } from './settings.js';

const ASK_EVERY_MS = 10;
const STOP_TIMEOUT_MS = 60_000;

export interface LaunchOptions {
  readonly port: number;
  /** False gives up crash safety for speed; for clusters that are thrown away. */
  readonly durable: boolean;
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts the server as a daemon and returns when it accepts connections, however long it recovers from a crash.
 * It holds none of our pipes and is in a session of its own, so that it outlives this process, a pipe behind us
 * ends, and Ctrl-C at the terminal does not reach it.
 * @throws DATABASE_EMBEDDED_NOT_STARTED with the end of the server's log
 */
export async function launchServer(
  place: Place,
  binaries: PostgresBinaries,
  options: LaunchOptions,
): Promise<PidFile> {
  const log = openLog(place.logFile);
  let child: ChildProcess;
  try {
    child = spawn(programPath(binaries, 'postgres'), serverParameters(place, options), {
      ...programIdentity(place.runAs),
      detached: true,
      windowsHide: true,
      stdio: ['ignore', log.descriptor, log.descriptor],
    });
  } finally {
    closeSync(log.descriptor);
  }
  child.unref();
  return await untilReady(child, place, log.startBytes, options.signal);
}

function serverParameters(place: Place, options: LaunchOptions): string[] {
  const settings = Object.entries({
    ...startSettings(options.durable),
    ...options.settings,
    port: String(options.port),
  });
  return ['-D', place.dataDir, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

async function untilReady(
  child: ChildProcess,
  place: Place,
  logStartBytes: number,
  signal: AbortSignal | undefined,
): Promise<PidFile> {
  let ending: string | undefined;
  child.once('error', (cause) => {
    ending = reasonOf(cause);
  });
  child.once('exit', (code, killedBy) => {
    ending = `the server ended with ${code ?? killedBy}`;
  });
  for (;;) {
    const file = readPidFile(place.dataDir);
    if (file?.pid === child.pid && file?.status === 'ready') {
      return file;
    }
    if (ending !== undefined) {
      throw notStarted(place, ending, logSince(place.logFile, logStartBytes));
    }
    if (signal?.aborted) {
      child.kill('SIGINT');
      signal.throwIfAborted();
    }
    await sleep(ASK_EVERY_MS);
  }
}

/**
 * Stops the server of a place: open transactions are rolled back and sessions ended. Returns false when none ran.
 * @throws DATABASE_EMBEDDED_NOT_STOPPED when it still runs after a minute
 */
export async function stopServer(place: Place, binaries: PostgresBinaries | undefined): Promise<boolean> {
  const file = readPidFile(place.dataDir);
  if (!file || !isServerProcess(file)) {
    return false;
  }
  await requestShutdown(file.pid, place, binaries);
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (readPidFile(place.dataDir)?.pid === file.pid && isServerProcess(file)) {
    if (performance.now() > deadline) {
      throw DATABASE_ERRORS.EMBEDDED_NOT_STOPPED({
        message: `Cannot stop the embedded PostgreSQL: process ${file.pid} still runs after ${STOP_TIMEOUT_MS / 1000} s`,
        details: { pid: file.pid, log: place.logFile },
      });
    }
    await sleep(ASK_EVERY_MS);
  }
  return true;
}

/** SIGINT is PostgreSQL's fast shutdown; Windows has no signals, there pg_ctl knows how to ask. */
async function requestShutdown(
  pid: number,
  place: Place,
  binaries: PostgresBinaries | undefined,
): Promise<void> {
  if (process.platform === 'win32' && binaries) {
    await runProgram(
      programPath(binaries, 'pg_ctl'),
      ['stop', '-D', place.dataDir, '-m', 'fast', '-W'],
      undefined,
    );
    return;
  }
  process.kill(pid, 'SIGINT');
}
