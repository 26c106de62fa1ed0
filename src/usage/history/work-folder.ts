/** Folders for files that are being made. A killed process leaves its own: their names say whose they are. */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Makes a folder for a day in `parent`. */
export function makeWorkFolder(parent: string, day: string): string {
  return mkdtempSync(join(parent, `${day}.${process.pid}.${HOST}.`));
}

const HOST = hostname().replace(/[^A-Za-z0-9-]/g, '-');

/** Removes the folders of processes of this machine that are no more, and those of others after two days. */
export function sweepWorkFolder(parent: string): void {
  for (const name of readdirSync(parent)) {
    const [, pid, host] = /^\d{4}-\d{2}-\d{2}\.(\d+)\.([A-Za-z0-9-]+)\.[^.]+$/.exec(name) ?? [];
    if (pid !== undefined && (host === HOST ? !isRunning(Number(pid)) : isOld(join(parent, name)))) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isOld(path: string): boolean {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > 2 * 86_400_000;
}
