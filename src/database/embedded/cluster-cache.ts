/**
 * New clusters of servers that are thrown away, kept in the user's cache folder: initdb takes longer than most of what
 * such a server is started for, and a copy of what it made the last time is as good. All clusters of one copy have the
 * same password and system identifier, which is why those that stay are always made anew.
 */
import {
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readText, sha256, writeFileAtomic } from '../../core/index.js';
import type { PostgresBinaries } from './binaries.js';

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
        const cached = join(cacheFolder(), name);
        if (!isOwn(cached) || !existsSync(join(cached, 'data', 'PG_VERSION'))) {
          return undefined;
        }
        copyFolder(join(cached, 'data'), dataDir);
        return readText(join(cached, 'password')).trim();
      } catch {
        // A home that cannot be looked into has no cache.
        rmSync(dataDir, { recursive: true, force: true });
        return undefined;
      }
    },
    keep(dataDir, password) {
      try {
        keepIn(cacheFolder(), name, dataDir, password);
      } catch {
        // A home that cannot be written to has no cache.
      }
    },
  };
}

function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plinth', 'clusters');
}

/** Under a temporary name, renamed when it is whole; where another was faster, its copy stays. */
function keepIn(folder: string, name: string, dataDir: string, password: string): void {
  if (existsSync(join(folder, name))) {
    return;
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!isOwn(folder)) {
    return;
  }
  const unfinished = mkdtempSync(join(folder, 'new-'));
  try {
    copyFolder(dataDir, join(unfinished, 'data'));
    writeFileAtomic(join(unfinished, 'password'), `${password}\n`, 0o600);
    renameSync(unfinished, join(folder, name));
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE });
}

/** Nobody else may have put it there, or change it: the server runs what is in it. */
function isOwn(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const me = process.getuid?.();
  return (
    found?.isDirectory() === true && (me === undefined || (found.uid === me && (found.mode & 0o022) === 0))
  );
}
