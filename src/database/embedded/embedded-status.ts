import { type EmbeddedTarget, majorOf } from './embedded-target.js';
import { checkOwner, existingPlace } from './place.js';
import { findRunning } from './running-server.js';
import { readState } from './state.js';

/** What a project's embedded server is doing. */
export type EmbeddedStatus =
  | { readonly kind: 'absent' }
  | { readonly kind: 'stopped'; readonly dataDir: string; readonly logFile: string }
  | {
      readonly kind: 'running';
      readonly dataDir: string;
      readonly logFile: string;
      /** Password included: for handing on, not for printing. */
      readonly url: string;
      readonly port: number;
      readonly pid: number;
      /** PostgreSQL's version, e.g. `18.4`. */
      readonly version: string;
      /** ISO 8601, UTC; absent where it is not known. */
      readonly startedAt?: string;
    };

/**
 * Looks at the project's embedded server without starting or changing anything.
 * @throws DATABASE_EMBEDDED_OWNER
 */
export async function embeddedStatus(target: EmbeddedTarget): Promise<EmbeddedStatus> {
  const place = existingPlace(target.projectDir, majorOf(target));
  if (!place) {
    return { kind: 'absent' };
  }
  checkOwner(place);
  const { dataDir, logFile } = place;
  const running = await findRunning(place);
  if (!running) {
    return { kind: 'stopped', dataDir, logFile };
  }
  const { url, port, pid, version } = running;
  const state = readState(place);
  const startedAt = state?.pid === pid ? { startedAt: state.startedAt } : {};
  return { kind: 'running', dataDir, logFile, url, port, pid, version, ...startedAt };
}

/** The connection string of the project's embedded server, or `undefined` when it does not run. */
export async function embeddedUrl(target: EmbeddedTarget): Promise<string | undefined> {
  const status = await embeddedStatus(target);
  return status.kind === 'running' ? status.url : undefined;
}
