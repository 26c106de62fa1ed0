import { MIGRATE_ERRORS } from './errors.js';
import { readFolder } from './folder/read-folder.js';
import type { LedgerEntry } from './ledger/ledger.js';
import { eventExists, insertEvent, type MigrationRecord, upsertMigration } from './ledger/writes.js';
import type { MigrationFolder } from './migration.js';
import type { MigrateOptions } from './options.js';
import { recordOnly } from './run/record.js';
import { withRun } from './run/with-run.js';
import { compareVersions, findVersion } from './version.js';

export interface BaselineOptions extends MigrateOptions {
  /** The newest version whose changes the database has already. The folder need not have a file of it. */
  readonly version: string;
}

/** What a baseline says of the folder's migrations. */
export interface BaselineReport {
  readonly target: string;
  readonly runId: string;
  readonly version: string;
  /** The folder's versions that count as applied. */
  readonly covered: readonly string[];
  /** The folder's versions that an apply would run next. */
  readonly pending: readonly string[];
}

/**
 * Starts from a database that exists: every migration up to `version` counts as applied, and none of them is
 * run or can be rolled back. Nothing is compared; to take over what another tool has recorded, see `adopt`.
 * @throws MIGRATE_ALREADY_RECORDED, MIGRATE_VERSION_UNKNOWN
 */
export async function baseline(options: BaselineOptions): Promise<BaselineReport> {
  const folder = readFolder(options.folder);
  const version = baselineVersion(folder, options.version);
  return withRun(options, 'baseline', folder.path, async ({ context, entries }) => {
    refuseRecorded(entries, `take ${version} as the baseline of '${options.target}'`);
    const { scope, run } = context;
    await recordOnly(context, `the baseline ${version}`, {
      sql: [
        upsertMigration(scope, baselineRecord(folder, version), 'applied', run.id, undefined),
        insertEvent(run.id, 'baselined', version, undefined),
      ],
      proof: eventExists(run.id, 'baselined', version),
    });
    const versions = versionsOf(folder);
    return {
      target: options.target,
      runId: run.id,
      version,
      covered: versions.filter((each) => compareVersions(each, version) <= 0),
      pending: versions.filter((each) => compareVersions(each, version) > 0),
    };
  });
}

/** @throws MIGRATE_ALREADY_RECORDED when the ledger has rows for the target */
export function refuseRecorded(entries: readonly LedgerEntry[], what: string): void {
  const newest = [...entries].sort((a, b) => compareVersions(a.version, b.version)).at(-1);
  if (newest) {
    const many = entries.length === 1 ? 'a migration is' : `${entries.length} migrations are`;
    throw MIGRATE_ERRORS.ALREADY_RECORDED({
      message: `Cannot ${what}: ${many} recorded already, the newest is ${newest.version}`,
      details: { recorded: entries.length, newest: newest.version },
    });
  }
}

function baselineVersion(folder: MigrationFolder, wanted: string): string {
  const version = findVersion(versionsOf(folder), wanted);
  if (version === undefined && !/^\d[\w.-]*$/.test(wanted)) {
    throw MIGRATE_ERRORS.VERSION_UNKNOWN({
      message: `Cannot take '${wanted}' as a baseline: it is no version (one that begins with a digit was wanted)`,
      details: { version: wanted },
    });
  }
  return version ?? wanted;
}

function versionsOf(folder: MigrationFolder): string[] {
  return folder.migrations.filter(({ kind }) => kind === 'versioned').map(({ version }) => version);
}

/** A baseline has no texts: what it stands for was made elsewhere. */
function baselineRecord(folder: MigrationFolder, version: string): MigrationRecord {
  const name = folder.migrations.find((migration) => migration.version === version)?.name ?? 'baseline';
  return {
    version,
    name,
    kind: 'baseline',
    scripts: {
      upText: '',
      upBytes: '',
      upMeaning: '',
      downText: undefined,
      downBytes: undefined,
      downMeaning: undefined,
    },
  };
}
