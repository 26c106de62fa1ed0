/**
 * Makes a clone ready to run. Both parts look first and only then take the lock, so that a tree that is up to
 * date costs a few file reads, also where it cannot be written to.
 */
import { buildIsFresh, rebuild } from './build.mjs';
import { install, installIsFresh } from './install.mjs';
import { withTreeLock } from './lock.mjs';
import { TreeFailure } from './process.mjs';

/** Installs and builds what is out of date; ends the process with exit code 3 when that fails. */
export async function makeReady() {
  try {
    await bringUpToDate(installIsFresh, install);
    await bringUpToDate(buildIsFresh, rebuild);
  } catch (cause) {
    if (!(cause instanceof TreeFailure)) {
      throw cause;
    }
    console.error(cause.message);
    process.exit(cause.exitCode);
  }
}

/**
 * @param {() => boolean} isFresh
 * @param {() => Promise<void>} work
 */
async function bringUpToDate(isFresh, work) {
  if (isFresh()) {
    return;
  }
  await withTreeLock(async () => {
    // Whoever held the lock before us may have done the work.
    if (!isFresh()) {
      await work();
    }
  });
}
