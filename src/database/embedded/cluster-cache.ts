/**
 * New clusters of servers that are thrown away, kept in the user's cache folder: initdb takes longer than most of what
 * such a server is started for, and a copy of what it made the last time is as good. All clusters of one copy have the
 * same password and system identifier, which is why those that stay are always made anew.
 *
 * A copy appears under its name when it is whole, and says of what files it is: cleaners of caches, full disks and
 * another process that removes it while it is read take some of them away. Without a cache, everything works.
 */
import {
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { readText, sha256, writeFileAtomic } from '../../core/index.js';
import type { PostgresBinaries } from './binaries.js';
import { cacheFolder, discard, isOwn, noteUse, trimCache, UNFINISHED } from './cache-folder.js';

export interface CachedCluster {
  /** Copies the data folder to a path that does not exist yet. @returns its password; `undefined` without a copy */
  take(dataDir: string): string | undefined;
  /** Keeps a copy of a data folder that has not been used. */
  keep(dataDir: string, password: string): void;
}

/** @param made all that the making depends on */
export function cachedCluster(binaries: PostgresBinaries, made: readonly string[]): CachedCluster {
  const { major, version, folder } = binaries;
  const name = `${major}-${sha256(JSON.stringify([version, folder, ...made])).slice(0, 16)}`;
  return {
    take(dataDir) {
      try {
        const clusters = cacheFolder();
        const copy = clusters && join(clusters, name);
        return copy && isOwn(copy) ? takeFrom(copy, dataDir) : undefined;
      } catch {
        // A home that cannot be looked into has no cache.
        return undefined;
      }
    },
    keep(dataDir, password) {
      try {
        const clusters = cacheFolder();
        if (clusters !== undefined) {
          keepIn(clusters, name, dataDir, password);
        }
      } catch {
        // A home that cannot be written to has no cache.
      }
    },
  };
}

/** `cluster.json` in a copy. */
interface Description {
  readonly password: string;
  /** The digest of the names and sizes of its files. */
  readonly contents: string;
}

function takeFrom(copy: string, dataDir: string): string | undefined {
  try {
    const { password, contents } = describedIn(copy);
    copyFolder(join(copy, 'data'), dataDir);
    if (contentsOf(dataDir) === contents) {
      noteUse(copy);
      return password;
    }
  } catch {
    // What is wrong is looked for below.
  }
  rmSync(dataDir, { recursive: true, force: true });
  if (!isWhole(copy)) {
    discard(copy);
  }
  return undefined;
}

function isWhole(copy: string): boolean {
  try {
    return contentsOf(join(copy, 'data')) === describedIn(copy).contents;
  } catch {
    return false;
  }
}

function describedIn(copy: string): Description {
  return JSON.parse(readText(join(copy, 'cluster.json'))) as Description;
}

/** Under a temporary name, renamed when it is whole; where another was faster, its copy stays. */
function keepIn(clusters: string, name: string, dataDir: string, password: string): void {
  if (existsSync(join(clusters, name))) {
    return;
  }
  mkdirSync(clusters, { recursive: true, mode: 0o700 });
  if (!isOwn(clusters)) {
    return;
  }
  const unfinished = mkdtempSync(join(clusters, UNFINISHED));
  try {
    copyFolder(dataDir, join(unfinished, 'data'));
    const description: Description = { password, contents: contentsOf(join(unfinished, 'data')) };
    writeFileAtomic(join(unfinished, 'cluster.json'), JSON.stringify(description), 0o600);
    renameSync(unfinished, join(clusters, name));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  trimCache(clusters);
}

function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

function contentsOf(folder: string): string {
  return sha256(listing(folder, '').join('\n'));
}

/** The paths below the folder, files with their sizes: a server misses an empty folder, too. */
function listing(folder: string, prefix: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const [path, told] = [join(folder, entry.name), `${prefix}${entry.name}`];
      return entry.isDirectory()
        ? [`${told}/`, ...listing(path, `${told}/`)]
        : [`${told} ${statSync(path).size}`];
    });
}
