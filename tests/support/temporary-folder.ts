/**
 * Where tests put clusters. In memory where there is plenty: a cluster is a thousand files, and a disk's file system
 * takes its time over files that are made and removed again and again.
 */
import { chmodSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const PLENTY_BYTES = 4 * 1024 ** 3;

/** The parent of the folders. */
export const CLUSTER_PARENT = hasPlenty(MEMORY) ? MEMORY : tmpdir();

/** Makes a folder that the server's user can enter, too, in a run as root. Programs may not run from it. */
export function makeClusterFolder(prefix: string, parent: string = CLUSTER_PARENT): string {
  const folder = mkdtempSync(join(parent, prefix));
  chmodSync(folder, 0o755);
  return folder;
}

function hasPlenty(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > PLENTY_BYTES;
  } catch {
    return false;
  }
}
