/**
 * Whether a target is fit for use: a quick look for a readiness probe. It reads the ledger and the lock, takes
 * no lock itself and changes nothing, so that a role which may only read will do.
 */
import { isPlinthError, type PlinthError } from '../core/index.js';
import type { Database, Session } from '../database/index.js';
import { meaningDigest } from '../sql/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import { readFolder } from './folder/read-folder.js';
import {
  type DriftState,
  type HealthReason,
  type HealthStatus,
  reasonsOf,
  statusOf,
} from './health-reasons.js';
import { type KeptSize, readKeptSize } from './kept-entries.js';
import { readLedger } from './ledger/ledger.js';
import { type LockHolder, readHolder } from './lock.js';
import type { MigrateOptions } from './options.js';
import { type MigrationStanding, standings } from './state.js';

export interface HealthOptions
  extends Pick<MigrateOptions, 'target' | 'member' | 'schema' | 'folder' | 'order'> {
  /** Makes the database known; it may fail, for a server that is not started. */
  readonly database: () => Promise<Database>;
  /** How long the look may take, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  /** Compares the live schema; drift is not looked at without it. */
  readonly readDrift?: (session: Session) => Promise<DriftState>;
}

/** How a target is. `JSON.stringify` of it is the format of `plinth health --format json`. */
export interface TargetHealth {
  readonly target: string;
  /** Which one of a fleet. */
  readonly member: string | undefined;
  /** `failing`: not fit for use. `degraded`: fit for use, and somebody should look. */
  readonly status: HealthStatus;
  readonly ready: boolean;
  readonly reasons: readonly HealthReason[];
  readonly reachable: boolean;
  readonly database: string | undefined;
  readonly serverVersion: string | undefined;
  /** The newest applied version. */
  readonly version: string | undefined;
  /** How many migrations the folder has that are not applied. */
  readonly pending: number;
  /** How many a run has left unfinished. */
  readonly interrupted: number;
  /** How many have other statements in their file than were applied. */
  readonly edited: number;
  /** How many are applied and not in the folder. */
  readonly missing: number;
  readonly lockedBy: LockHolder | undefined;
  /** The data that migrations would have destroyed; absent where there is none, or the role may not read it. */
  readonly kept?: KeptSize;
  readonly drift: DriftState;
  readonly durationMs: number;
}

const DEFAULT_TIMEOUT_MS = 5_000;

/**
 * Looks at a target. What is wrong with the database is part of the answer.
 * @throws MIGRATE_FOLDER_NOT_FOUND and the other errors of reading the folder
 */
export async function checkHealth(options: HealthOptions): Promise<TargetHealth> {
  const startedMs = performance.now();
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const folder = readFolder(options.folder);
  const scope = { target: options.target, scope: options.schema ?? '' };
  try {
    return await withinTime(options, timeoutMs, async (session) => {
      const entries = await readLedger(session, scope);
      const lockedBy = entries && (await readHolder(session, scope));
      const kept = entries && (await readKeptSize(session, scope));
      const drift = (await options.readDrift?.(session)) ?? 'not-checked';
      const all = standings(folder, entries ?? []);
      const edited = all.filter(isEdited);
      const reasons = reasonsOf({ all, edited, lockedBy, drift, order: options.order ?? 'strict' });
      const count = (...states: readonly MigrationStanding['state'][]): number =>
        all.filter(({ state }) => states.includes(state)).length;
      return {
        target: options.target,
        member: options.member,
        ...statusOf(reasons),
        reasons,
        reachable: true,
        database: session.server.database,
        serverVersion: session.server.version,
        version: all.findLast(({ entry, key }) => entry && !key.startsWith('R__'))?.key,
        pending: count('pending', 'outdated'),
        interrupted: count('interrupted'),
        edited: edited.length,
        missing: count('missing'),
        lockedBy,
        ...(kept && kept.entries > 0 ? { kept } : {}),
        drift,
        durationMs: performance.now() - startedMs,
      };
    });
  } catch (error) {
    if (!isPlinthError(error)) {
      throw error;
    }
    return unreadableHealth(options, error, performance.now() - startedMs);
  }
}

/** A changed comment or layout is no concern of a probe. */
function isEdited({ state, migration, entry }: MigrationStanding): boolean {
  return state === 'edited' && meaningDigest(migration!.up.read()) !== entry!.upMeaning;
}

/** Runs `work` on a session; after the time-out the session is closed, whatever the server does. */
async function withinTime<T>(
  { database, target }: HealthOptions,
  timeoutMs: number,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  const session = await (await database()).connect({ applicationName: 'plinth health', timeoutMs });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          MIGRATE_ERRORS.HEALTH_TIMEOUT({
            message: `Cannot tell how target '${target}' is: its server did not answer within ${timeoutMs} ms`,
          }),
        ),
      Math.max(1, deadline - performance.now()),
    );
  });
  const working = work(session);
  try {
    return await Promise.race([working, late]);
  } finally {
    clearTimeout(timer);
    working.catch(() => {});
    await session.close();
  }
}

/** The health of a target that could not be looked at. */
export function unreadableHealth(
  { target, member }: Pick<HealthOptions, 'target' | 'member'>,
  error: PlinthError,
  durationMs: number,
): TargetHealth {
  const kind = UNREACHED.has(error.code) ? 'unreachable' : 'unreadable';
  return {
    target,
    member,
    status: 'failing',
    ready: false,
    reasons: [{ kind, severity: 'failing', message: error.message, errorCode: error.code }],
    reachable: kind !== 'unreachable',
    database: undefined,
    serverVersion: undefined,
    version: undefined,
    pending: 0,
    interrupted: 0,
    edited: 0,
    missing: 0,
    lockedBy: undefined,
    drift: 'not-checked',
    durationMs,
  };
}

const UNREACHED: ReadonlySet<string> = new Set([
  'DATABASE_UNREACHABLE',
  'DATABASE_CREDENTIALS_REFUSED',
  'DATABASE_NOT_FOUND',
  'DATABASE_TLS_FAILED',
  'DATABASE_TOO_OLD',
  'DATABASE_CONNECTION_LOST',
  'MIGRATE_HEALTH_TIMEOUT',
  'PROJECT_SERVER_STOPPED',
]);
