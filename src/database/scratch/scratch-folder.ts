/**
 * Temporary folders for servers of our own. The name holds the machine and the process that made it, so that one
 * left by a process that was killed is known as such: its server is stopped and the folder removed.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../core/index.js';
import { stopServer } from '../embedded/launch.js';
import { processExists } from '../embedded/pid-file.js';
import { existingPlace } from '../embedded/place.js';

const PREFIX = 'plinth-scratch-';
const MEMORY = '/dev/shm';
const PLENTY_BYTES = 4 * 1024 ** 3;
const LONGEST_RUN_MS = 2 * 24 * 3_600_000;

/** Where scratch folders may be, the best first. */
export function scratchParents(): readonly string[] {
  return hasPlenty(MEMORY) ? [MEMORY, tmpdir()] : [tmpdir()];
}

/** Makes a folder that the server's user can enter, too, in a run as root. */
export function makeScratchFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, `${PREFIX}${machine()}-${process.pid}-`));
  chmodSync(folder, 0o755);
  return folder;
}

/** Stops and removes what processes that were killed left behind. Folders of other users are left alone. */
export async function removeStaleFolders(): Promise<void> {
  for (const parent of new Set([MEMORY, tmpdir()])) {
    for (const name of namesIn(parent)) {
      const folder = join(parent, name);
      if (isStale(name, folder)) {
        await removeStale(folder).catch(() => {});
      }
    }
  }
}

async function removeStale(folder: string): Promise<void> {
  for (const name of namesIn(join(folder, '.plinth'))) {
    const major = Number(/^postgres-(\d+)$/.exec(name)?.[1]);
    const place = Number.isInteger(major) ? existingPlace(folder, major) : undefined;
    if (place) {
      await stopServer(place, undefined);
    }
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 20 });
}

function isStale(name: string, folder: string): boolean {
  const [, host, pid] = /^plinth-scratch-([0-9a-f]{8})-(\d+)-/.exec(name) ?? [];
  const found = pid && statSync(folder, { throwIfNoEntry: false });
  if (!found || (process.getuid && found.uid !== process.getuid())) {
    return false;
  }
  return host === machine() ? !processExists(Number(pid)) : Date.now() - found.mtimeMs > LONGEST_RUN_MS;
}

function machine(): string {
  return sha256(hostname()).slice(0, 8);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function hasPlenty(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > PLENTY_BYTES;
  } catch {
    return false;
  }
}
