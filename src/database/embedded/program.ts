/** Running the programs of a PostgreSQL installation. */
import { spawn } from 'node:child_process';
import { chownSync } from 'node:fs';
import { reasonOf } from '../../core/index.js';
import { DATABASE_ERRORS } from '../errors.js';
import type { RunAs } from './run-as.js';

const OUTPUT_KEPT_CHARACTERS = 20_000;

export interface ProgramResult {
  /** The exit code, or the name of the signal that ended it. */
  readonly code: number | string;
  /** The end of what it wrote to both its streams. */
  readonly output: string;
}

/**
 * Runs a program to its end, and that of the processes that write to its streams. Aborting ends it.
 * @throws DATABASE_EMBEDDED_NOT_STARTED when the program cannot be run at all
 */
export function runProgram(
  program: string,
  parameters: readonly string[],
  runAs: RunAs | undefined,
  signal?: AbortSignal,
): Promise<ProgramResult> {
  return new Promise((settle, fail) => {
    const child = spawn(program, parameters, {
      ...programIdentity(runAs),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      ...(signal ? { signal } : {}),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-OUTPUT_KEPT_CHARACTERS);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (cause) => {
      // An aborted program still has to end, and its own children with it.
      if (!signal?.aborted) {
        fail(notRun(program, cause));
      }
    });
    child.once('close', (code, killedBy) => {
      if (signal?.aborted) {
        fail(signal.reason);
      } else {
        settle({ code: code ?? killedBy ?? 'unknown', output });
      }
    });
  });
}

function notRun(program: string, cause: unknown): Error {
  return DATABASE_ERRORS.EMBEDDED_NOT_STARTED({
    message: `Cannot run ${program}: ${reasonOf(cause)}`,
    hint: 'Reinstall the dependencies, or use a server of your own with --url.',
    details: { program },
    cause,
  });
}

export interface ProgramIdentity {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Where and as whom a program runs. The caller's settings for PostgreSQL clients, language and time zone must
 * not reach a server of ours, and its folder may be one that the server's user cannot enter.
 */
export function programIdentity(runAs: RunAs | undefined): ProgramIdentity {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG|TZ$)/.test(name));
  return {
    cwd: '/',
    env: { ...Object.fromEntries(kept), LC_ALL: 'C' },
    ...(runAs ? { uid: runAs.uid, gid: runAs.gid } : {}),
  };
}

/** Makes the server's user the owner of one file or folder; nothing to do without a user to switch to. */
export function giveTo(runAs: RunAs | undefined, path: string): void {
  if (runAs) {
    chownSync(path, runAs.uid, runAs.gid);
  }
}
