import { withSession } from '../database/index.js';
import { readFolder } from './folder/read-folder.js';
import { type KeptNotes, readKeptNotes } from './kept-entries.js';
import { readLedger } from './ledger/ledger.js';
import { type LockHolder, readHolder } from './lock.js';
import type { MigrateOptions } from './options.js';
import { type MigrationState, standings } from './state.js';
import { requireSchema } from './tenant-schema.js';

/** Where a target stands. */
export interface StatusReport {
  readonly target: string;
  /** The folder of migrations, and the format it was read as. */
  readonly folder: string;
  readonly format: string;
  readonly database: string;
  readonly serverVersion: string;
  /** The newest applied version. */
  readonly version: string | undefined;
  readonly migrations: readonly MigrationStatus[];
  readonly counts: Readonly<Record<MigrationState, number>>;
  /** What of the folder Plinth leaves out: migrations that are programs, callbacks. */
  readonly notices: readonly string[];
  /** Who migrates the target at this moment. */
  readonly lockedBy: LockHolder | undefined;
  /** What is kept of the data that migrations would have destroyed, and what was declared away. */
  readonly kept?: KeptNotes;
}

export interface MigrationStatus {
  readonly version: string;
  readonly name: string;
  readonly state: MigrationState;
  readonly outOfOrder: boolean;
  readonly reversible: boolean;
  readonly appliedAt: Date | undefined;
  readonly durationMs: number | undefined;
  /** The database role and the client that applied it. */
  readonly appliedBy: string | undefined;
}

/** Reads where a target stands; changes nothing, not even a missing ledger. */
export async function status(options: Omit<MigrateOptions, 'limits' | 'client'>): Promise<StatusReport> {
  const folder = readFolder(options.folder);
  const scope = { target: options.target, scope: options.schema ?? '' };
  return withSession(options.database, async (session) => {
    await requireSchema(session, options);
    const entries = await readLedger(session, scope);
    const migrations = standings(folder, entries ?? []).map(
      ({ key, name, state, outOfOrder, migration, entry }): MigrationStatus => ({
        version: key,
        name,
        state,
        outOfOrder,
        reversible: migration ? migration.down !== undefined : entry?.downBytes !== undefined,
        appliedAt: entry?.appliedAt,
        durationMs: entry?.durationMs,
        appliedBy: entry && `${entry.databaseUser}, ${entry.client}`,
      }),
    );
    const kept = entries && (await readKeptNotes(session, scope));
    return {
      target: options.target,
      folder: folder.path,
      format: folder.format,
      database: session.server.database,
      serverVersion: session.server.version,
      version: migrations.findLast(({ appliedAt, version }) => appliedAt && !version.startsWith('R__'))
        ?.version,
      migrations,
      counts: countStates(migrations),
      notices: folder.notices,
      lockedBy: entries && (await readHolder(session, scope)),
      ...(kept ? { kept } : {}),
    };
  });
}

const NO_STATES: Readonly<Record<MigrationState, number>> = {
  pending: 0,
  applied: 0,
  edited: 0,
  missing: 0,
  outdated: 0,
  interrupted: 0,
  baseline: 0,
};

function countStates(migrations: readonly MigrationStatus[]): Readonly<Record<MigrationState, number>> {
  const counts = { ...NO_STATES };
  for (const { state } of migrations) {
    counts[state] += 1;
  }
  return counts;
}
