/**
 * One process at a time installs or builds a clone. The lock is a folder, because making one succeeds for exactly
 * one process on every file system; a file in it names its owner. A lock whose owner is gone is taken over.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TreeFailure } from './process.mjs';
import { pathInTree } from './root.mjs';

const LOCK_PARENT = pathInTree('.plinth');
const LOCK = join(LOCK_PARENT, 'prepare.lock');
const OWNER = join(LOCK, 'owner');
const ASK_EVERY_MS = 100;
const TELL_AFTER_MS = 2000;
/** A lock without a living owner on this machine counts as left behind when it is as old as this. */
const ABANDONED_AFTER_MS = 15 * 60_000;
/** The time between making the lock and writing the owner into it. */
const OWNERLESS_FOR_MS = 5000;

/**
 * Runs `work` while holding the lock of the clone; waits for it while another process holds it.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {TreeFailure} when the clone cannot be written to
 */
export async function withTreeLock(work) {
  await take();
  try {
    return await work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

async function take() {
  const started = performance.now();
  let told = false;
  while (!tryTake()) {
    removeIfAbandoned();
    if (!told && performance.now() - started > TELL_AFTER_MS) {
      console.error('Waiting for another process that installs or builds here …');
      told = true;
    }
    await sleep(ASK_EVERY_MS);
  }
}

function tryTake() {
  try {
    mkdirSync(LOCK_PARENT, { recursive: true });
    mkdirSync(LOCK);
  } catch (cause) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (cause);
    if (code === 'EEXIST') {
      return false;
    }
    throw new TreeFailure(`Cannot install or build here: ${message}`);
  }
  writeFileSync(OWNER, `${process.pid} ${hostname()}`);
  return true;
}

function removeIfAbandoned() {
  const owner = ownerOf(LOCK);
  if (!isAbandoned(owner)) {
    return;
  }
  // Renaming succeeds for one process only, and what was renamed can be looked at again.
  const aside = `${LOCK}.${process.pid}`;
  try {
    renameSync(LOCK, aside);
    if (ownerOf(aside) !== owner) {
      renameSync(aside, LOCK);
    }
  } catch {
    // Another process was faster.
  }
  rmSync(aside, { recursive: true, force: true });
}

/** @param {string | undefined} owner */
function isAbandoned(owner) {
  const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (owner === undefined) {
    return age > OWNERLESS_FOR_MS;
  }
  const [pid, host] = owner.split(' ');
  return (host === hostname() && !processExists(Number(pid))) || age > ABANDONED_AFTER_MS;
}

/** @param {string} lock */
function ownerOf(lock) {
  try {
    return readFileSync(join(lock, 'owner'), 'utf8');
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
function processExists(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return /** @type {NodeJS.ErrnoException} */ (cause).code === 'EPERM';
  }
}
