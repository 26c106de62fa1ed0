/**
 * PostgreSQL's own record of a running server: `postmaster.pid` in the data folder. Its lines are the process
 * id, the data folder, the start time, the port, the socket folder, the listen address, the shared memory key,
 * and the status (`starting`, `ready`, `stopping`, padded with spaces).
 * Source: PostgreSQL's src/include/utils/pidfile.h.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
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
    lines = readFileSync(pidFilePath(dataDir), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0
    ? { pid, dataDir: lines[1] ?? '', port: Number(lines[3] ?? 0), status: lines[7]?.trim() ?? '' }
    : undefined;
}

export function removePidFile(dataDir: string): void {
  rmSync(pidFilePath(dataDir), { force: true });
}

function pidFilePath(dataDir: string): string {
  return join(dataDir, 'postmaster.pid');
}

/**
 * Whether the server that wrote the file still runs. Process ids are given out again, also to servers of other
 * folders, so the number alone is no proof: the command line must name the data folder.
 */
export function isServerProcess(file: PidFile): boolean {
  if (!processExists(file.pid)) {
    return false;
  }
  const command = commandOf(file.pid);
  return command === undefined || (/postgres/i.test(command) && command.includes(file.dataDir));
}

export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A process's command line: empty when it has ended and is not yet collected, `undefined` when not known. */
function commandOf(pid: number): string | undefined {
  try {
    switch (process.platform) {
      case 'linux':
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      case 'win32':
        return undefined;
      default:
        return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    }
  } catch {
    return '';
  }
}
