/** Migrations whose work was done by other hands: recorded as applied, and not run. */
import { MIGRATE_ERRORS } from './errors.js';
import { readFolder } from './folder/read-folder.js';
import { eventExists, insertEvent, upsertMigration } from './ledger/writes.js';
import { keyOf, labelOf, type MigrationFolder } from './migration.js';
import type { MigrateOptions } from './options.js';
import { recorded } from './run/prepare.js';
import { recordOnly } from './run/record.js';
import { withRun } from './run/with-run.js';
import { standings } from './state.js';
import { findVersion } from './version.js';

/**
 * The folder with nothing but one migration in it.
 * @throws MIGRATE_VERSION_UNKNOWN
 */
export function folderOfOne(choice: MigrateOptions['folder'], wanted: string): MigrationFolder {
  const folder = readFolder(choice);
  const version = findVersion(folder.migrations.map(keyOf), wanted);
  if (version === undefined) {
    throw MIGRATE_ERRORS.VERSION_UNKNOWN({
      message: `Cannot record ${wanted} as applied: no migration of ${folder.path} has that version`,
      details: { version: wanted },
    });
  }
  return { ...folder, migrations: folder.migrations.filter((migration) => keyOf(migration) === version) };
}

/**
 * Records a pending migration as applied without running it. Whether the database is as it would make it is the
 * caller's to know: `plinth drift --record` compares first.
 * @throws MIGRATE_VERSION_UNKNOWN, MIGRATE_NOT_REPAIRABLE when it is not pending
 */
export async function recordApplied(
  options: MigrateOptions,
  wanted: string,
): Promise<{ readonly version: string; readonly runId: string }> {
  const [migration] = folderOfOne(options.folder, wanted).migrations;
  const { version, name, kind, up, down } = { ...migration!, version: keyOf(migration!) };
  return withRun(options, 'repair', readFolder(options.folder).path, async ({ context, entries }) => {
    const standing = standings(readFolder(options.folder), entries).find(({ key }) => key === version);
    if (standing?.state !== 'pending') {
      throw MIGRATE_ERRORS.NOT_REPAIRABLE({
        message: `Cannot record ${labelOf({ version, name })} as applied: it is ${standing?.state} (a pending one was wanted)`,
        details: { version },
      });
    }
    const { scope, run } = context;
    const scripts = recorded({ up: up.read(), down: down?.read() });
    await recordOnly(context, `the record of ${version}`, {
      sql: [
        upsertMigration(scope, { version, name, kind, scripts }, 'applied', run.id, undefined),
        insertEvent(run.id, 'repaired', version, undefined, { repaired: 'recorded' }),
      ],
      proof: eventExists(run.id, 'repaired', version),
    });
    return { version, runId: run.id };
  });
}
