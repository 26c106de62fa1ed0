import { type EmbeddedTarget, majorOf } from './embedded-target.js';
import { stopServer } from './launch.js';
import { checkOwner, existingPlace } from './place.js';
import { withStartLock } from './start-lock.js';

/**
 * Stops the project's embedded server; open transactions are rolled back. Returns false when it did not run.
 * @throws DATABASE_EMBEDDED_NOT_STOPPED, DATABASE_EMBEDDED_OWNER
 */
export async function stopEmbedded(target: EmbeddedTarget): Promise<boolean> {
  const place = existingPlace(target.projectDir, majorOf(target));
  if (!place) {
    return false;
  }
  checkOwner(place);
  return await withStartLock(place.lockFile, () => stopServer(place, target.binaries));
}
