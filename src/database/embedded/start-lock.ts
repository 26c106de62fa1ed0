/**
 * Lets one process at a time start or stop a project's server. The lock is a file that its owner touches every
 * second; it counts as left behind when its owner is gone or has not touched it for a while, so that a crash
 * leaves nothing to clean by hand. Two processes could in theory take over the same abandoned lock; PostgreSQL's
 * own lock on the data folder still lets only one server run, and the other then attaches to it.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { processExists } from './pid-file.js';

const TOUCH_EVERY_MS = 1000;
const ABANDONED_AFTER_MS = 15_000;
const ASK_EVERY_MS = 20;

/** Runs `work` while holding the lock; waits for it as long as its owner lives. Aborting ends the wait. */
export async function withStartLock<T>(
  path: string,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const mine = `${process.pid} ${hostname()} ${randomUUID()}`;
  while (!tryTake(path, mine)) {
    removeIfAbandoned(path);
    await sleep(ASK_EVERY_MS, undefined, signal ? { signal } : {});
  }
  const touching = setInterval(() => touch(path), TOUCH_EVERY_MS);
  touching.unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
    if (contentOf(path) === mine) {
      rmSync(path, { force: true });
    }
  }
}

function tryTake(path: string, mine: string): boolean {
  try {
    writeFileSync(path, mine, { flag: 'wx' });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      return false;
    }
    throw cause;
  }
}

function removeIfAbandoned(path: string): void {
  const content = contentOf(path);
  if (content !== undefined && isAbandoned(path, content) && contentOf(path) === content) {
    rmSync(path, { force: true });
  }
}

function isAbandoned(path: string, content: string): boolean {
  const [pid, host] = content.split(' ');
  if (pid && host === hostname() && !processExists(Number(pid))) {
    return true;
  }
  const touchedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return touchedMs !== undefined && Date.now() - touchedMs > ABANDONED_AFTER_MS;
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function touch(path: string): void {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // The folder was removed under us; the work will meet that itself.
  }
}
