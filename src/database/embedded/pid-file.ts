/**
 * PostgreSQL's own record of a running server: `postmaster.pid` in the data folder. Its lines are the process
 * id, the data folder, the start time, the port, the socket folder, the listen address, the shared memory key,
 * and the status (`starting`, `ready`, `stopping`, padded with spaces).
 * Source: PostgreSQL's src/include/utils/pidfile.h.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PidFile {
  readonly pid: number;
  /** The data folder as the server was told it. */
  readonly dataDir: string;
  readonly port: number;
  readonly status: string;
}

export function readPidFile(dataDir: string): PidFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0
    ? { pid, dataDir: lines[1] ?? '', port: Number(lines[3] ?? 0), status: lines[7]?.trim() ?? '' }
    : undefined;
}

/** Whether a process of that id runs and is a PostgreSQL server; ids are reused, so the number is no proof. */
export function isPostgresProcess(pid: number): boolean {
  return processExists(pid) && /postgres/i.test(commandOf(pid) ?? 'postgres');
}

export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process, empty for one that has ended and is not collected; `undefined`: unknown. */
function commandOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    }
    if (process.platform !== 'win32') {
      return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    }
  } catch {
    return '';
  }
  return undefined;
}
