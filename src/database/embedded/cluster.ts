/** One PostgreSQL cluster as files and a process: made by initdb, started, waited for, stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  closeSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '../../core/index.js';
import { DATABASE_ERRORS } from '../errors.js';
import { type PostgresBinaries, programPath } from './binaries.js';
import { isPostgresProcess, type PidFile, readPidFile } from './pid-file.js';
import type { Place } from './place.js';
import type { RunAs } from './run-as.js';
import { START_SETTINGS, serverSettings, UNSAFE_SETTINGS } from './settings.js';

/** The superuser of every embedded server, and the name of its first database. */
export const EMBEDDED_USER = 'plinth';

const ASK_EVERY_MS = 10;
const LOG_TAIL_LINES = 12;
const LOG_KEPT_BYTES = 5_000_000;

/**
 * Makes the data folder with initdb: under a temporary name, renamed when it is whole, so that a process killed
 * in the middle leaves no half-made data folder. Must be called under the start lock.
 * @throws DATABASE_EMBEDDED_NOT_STARTED with what initdb said
 */
export async function initializeCluster(
  place: Place,
  binaries: PostgresBinaries,
  password: string,
  signal?: AbortSignal,
): Promise<void> {
  removeUnfinished(place.serverDir);
  const unfinished = mkdtempSync(join(place.serverDir, 'data.new-'));
  try {
    own(unfinished, place.runAs);
    await runInitdb(place, binaries, unfinished, password, signal);
    appendFileSync(join(unfinished, 'postgresql.conf'), serverSettings());
    renameSync(unfinished, place.dataDir);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function removeUnfinished(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (/^(data|password|binaries)\.new-/.test(name)) {
      rmSync(join(folder, name), { recursive: true, force: true });
    }
  }
}

async function runInitdb(
  place: Place,
  binaries: PostgresBinaries,
  dataDir: string,
  password: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const secretDir = mkdtempSync(join(place.serverDir, 'password.new-'));
  const passwordFile = join(secretDir, 'password');
  try {
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    own(secretDir, place.runAs);
    own(passwordFile, place.runAs);
    const arguments_ = [
      `--pgdata=${dataDir}`,
      `--username=${EMBEDDED_USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      ...localeArguments(binaries.major),
      '--no-instructions',
    ];
    const { code, output } = await runToEnd(programPath(binaries, 'initdb'), arguments_, place.runAs, signal);
    if (code !== 0) {
      throw notStarted(`initdb ended with ${code}`, output, place);
    }
  } finally {
    rmSync(secretDir, { recursive: true, force: true });
  }
}

/** The C.UTF-8 rules, which are the same on every system and never change their sort order. */
function localeArguments(major: number): readonly string[] {
  return major >= 17
    ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
    : ['--locale=C'];
}

function runToEnd(
  program: string,
  arguments_: readonly string[],
  runAs: RunAs | undefined,
  signal: AbortSignal | undefined,
): Promise<{ readonly code: number | string; readonly output: string }> {
  return new Promise((settle, fail) => {
    const child = spawn(program, arguments_, {
      ...identity(runAs),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal ? { signal } : {}),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (cause) =>
      fail(
        signal?.aborted
          ? cause
          : DATABASE_ERRORS.EMBEDDED_NOT_STARTED({
              message: `Cannot run ${program}: ${reasonOf(cause)}`,
              cause,
            }),
      ),
    );
    child.once('close', (code, killedBy) => settle({ code: code ?? killedBy ?? 'unknown', output }));
  });
}

export interface LaunchOptions {
  readonly port: number;
  /** False gives up crash safety for speed; for test clusters. */
  readonly durable: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Starts the server as a daemon and returns when it accepts connections. The server holds none of our pipes and
 * is in a session of its own, so that it outlives this process and Ctrl-C at the terminal does not reach it.
 * @throws DATABASE_EMBEDDED_NOT_STARTED with the end of the server's log
 */
export async function launchServer(
  place: Place,
  binaries: PostgresBinaries,
  options: LaunchOptions,
): Promise<PidFile> {
  const log = openLog(place.logFile);
  const logStart = fstatSync(log).size;
  let child: ChildProcess;
  try {
    child = spawn(programPath(binaries, 'postgres'), serverArguments(place, options), {
      ...identity(place.runAs),
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
  child.unref();
  return await untilReady(child, place, logStart, options.signal);
}

function serverArguments(place: Place, options: LaunchOptions): string[] {
  const settings = {
    ...START_SETTINGS,
    ...(options.durable ? {} : UNSAFE_SETTINGS),
    port: String(options.port),
  };
  return [
    '-D',
    place.dataDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

async function untilReady(
  child: ChildProcess,
  place: Place,
  logStart: number,
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
    if (file && file.pid === child.pid && file.status === 'ready') {
      return file;
    }
    if (ending !== undefined) {
      throw notStarted(ending, logSince(place.logFile, logStart), place);
    }
    if (signal?.aborted) {
      child.kill('SIGINT');
      signal.throwIfAborted();
    }
    await sleep(ASK_EVERY_MS);
  }
}

/**
 * Stops the server of a data folder: open transactions are rolled back and sessions ended. Returns false when
 * none ran.
 * @throws DATABASE_EMBEDDED_NOT_STOPPED when it still runs after `timeoutMs`
 */
export async function stopServer(
  place: Place,
  binaries: PostgresBinaries | undefined,
  timeoutMs = 60_000,
): Promise<boolean> {
  const file = readPidFile(place.dataDir);
  if (!file || !isPostgresProcess(file.pid)) {
    return false;
  }
  await requestShutdown(file.pid, place, binaries);
  const deadline = performance.now() + timeoutMs;
  while (readPidFile(place.dataDir)?.pid === file.pid && isPostgresProcess(file.pid)) {
    if (performance.now() > deadline) {
      throw DATABASE_ERRORS.EMBEDDED_NOT_STOPPED({
        message: `Cannot stop the embedded PostgreSQL: process ${file.pid} still runs after ${timeoutMs / 1000} s`,
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
    const arguments_ = ['stop', '-D', place.dataDir, '-m', 'fast', '-W'];
    await runToEnd(programPath(binaries, 'pg_ctl'), arguments_, undefined, undefined);
    return;
  }
  process.kill(pid, 'SIGINT');
}

/** Where and as whom a program runs. The caller's PG* variables must not reach a server of ours. */
function identity(runAs: RunAs | undefined): {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
} {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG|TZ$)/.test(name)),
  );
  return {
    cwd: '/',
    env: { ...env, LC_ALL: 'C' },
    ...(runAs ? { uid: runAs.uid, gid: runAs.gid } : {}),
  };
}

/** Opens the log for appending; one that has grown large is put aside first, replacing the one before. */
function openLog(path: string): number {
  const log = openSync(path, 'a', 0o600);
  if (fstatSync(log).size < LOG_KEPT_BYTES) {
    return log;
  }
  closeSync(log);
  renameSync(path, `${path}.old`);
  return openSync(path, 'a', 0o600);
}

function logSince(path: string, start: number): string {
  return readFileSync(path).subarray(start).toString('utf8');
}

function notStarted(reason: string, output: string, place: Place): Error {
  const tail = output.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  return DATABASE_ERRORS.EMBEDDED_NOT_STARTED({
    message: `Cannot start the embedded PostgreSQL: ${reason}${tail ? `\n${tail}` : ''}`,
    details: { log: place.logFile, logTail: tail, dataDir: place.dataDir },
  });
}

function own(path: string, runAs: RunAs | undefined): void {
  if (runAs) {
    chownSync(path, runAs.uid, runAs.gid);
  }
}
