/** The folder of the user's cache that holds new clusters, and what may stay in it. */
import { randomUUID } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** How the name of a copy begins until it is whole, and that of one that is being removed. */
export const UNFINISHED = 'new-';
const DISCARDED = 'old-';

/** Each is 30 MB. An installation of Plinth uses one for each major version that it starts. */
const MOST_COPIES = 16;
const UNUSED_DAYS = 30;
/** Longer than a copy takes: what is older was left by a process that was killed. */
const LONGEST_COPY_MS = 3_600_000;
const DAY_MS = 24 * LONGEST_COPY_MS;

/** `undefined` where there is no home. */
export function cacheFolder(): string | undefined {
  const named = process.env.XDG_CACHE_HOME;
  if (named && isAbsolute(named)) {
    return join(named, 'plinth', 'clusters');
  }
  const home = homedir();
  return isAbsolute(home) && existsSync(home) ? join(home, '.cache', 'plinth', 'clusters') : undefined;
}

/** Nobody else may have put it there, or change it: the server runs what is in it. */
export function isOwn(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  const me = process.getuid?.();
  return (
    found?.isDirectory() === true && (me === undefined || (found.uid === me && (found.mode & 0o022) === 0))
  );
}

/** Those that were used last stay. */
export function noteUse(copy: string): void {
  try {
    const now = new Date();
    utimesSync(copy, now, now);
  } catch {
    // A cache that is read-only is as good.
  }
}

/** Removes a copy: under another name first, so that nobody begins to read it. */
export function discard(copy: string): void {
  const discarded = join(copy, '..', `${DISCARDED}${randomUUID()}`);
  renameSync(copy, discarded);
  rmSync(discarded, { recursive: true, force: true });
}

/** Removes what was left unfinished, and the copies that were used longest ago where there are too many. */
export function trimCache(clusters: string): void {
  const found = readdirSync(clusters)
    .map((name) => ({ name, path: join(clusters, name) }))
    .filter(({ path }) => isOwn(path))
    .map((one) => ({ ...one, idleMs: Date.now() - statSync(one.path).mtimeMs }));
  for (const { name, path, idleMs } of found) {
    if ((name.startsWith(UNFINISHED) || name.startsWith(DISCARDED)) && idleMs > LONGEST_COPY_MS) {
      rmSync(path, { recursive: true, force: true });
    }
  }
  const copies = found
    .filter(({ name }) => /^\d+-[0-9a-f]{16}$/.test(name))
    .sort((a, b) => a.idleMs - b.idleMs);
  for (const [index, { path, idleMs }] of copies.entries()) {
    if (index >= MOST_COPIES || idleMs > UNUSED_DAYS * DAY_MS) {
      discard(path);
    }
  }
}
