/** All that a database's ledger knows of what made its schema, over all targets, and the folders to make it again. */
import { type Session, sqlstateOf } from '../../database/index.js';
import { readFolder } from '../folder/read-folder.js';
import { keyOf, type Migration, type MigrationFolder, type ScriptSource } from '../migration.js';
import type { FolderChoice } from '../options.js';
import { compareVersions } from '../version.js';
import type { LedgerEntry } from './ledger.js';

/** A migration as the ledger has it, with its text. */
export interface AppliedMigration {
  readonly target: string;
  /** The schema, where the target is migrated schema by schema; else empty. */
  readonly scope: string;
  /** The version, or `R__name` for a repeatable migration. */
  readonly version: string;
  readonly name: string;
  readonly kind: LedgerEntry['kind'];
  readonly state: LedgerEntry['state'];
  readonly up: string;
  /** The digest of the text. */
  readonly upBytes: string;
  /** What put the row there: only `apply` ran the text. */
  readonly action: string;
  readonly databaseUser: string;
}

/** Everything in the ledger, in the order in which it was applied; `undefined` where there is no ledger. */
export async function readAppliedHistory(session: Session): Promise<readonly AppliedMigration[] | undefined> {
  try {
    const rows = await session.query<AppliedMigration & { readonly appliedAt: Date }>(READ_HISTORY);
    return rows.sort(
      (a, b) =>
        a.appliedAt.getTime() - b.appliedAt.getTime() ||
        (a.target < b.target ? -1 : a.target > b.target ? 1 : 0) ||
        Number(a.kind === 'repeatable') - Number(b.kind === 'repeatable') ||
        compareVersions(a.version, b.version),
    );
  } catch (error) {
    if (['42P01', '3F000'].includes(sqlstateOf(error) ?? '')) {
      return undefined;
    }
    throw error;
  }
}

const READ_HISTORY = `
  select m.target, m.scope, m.version, m.name, m.kind, m.state, m.up_text as up, m.up_bytes as "upBytes",
         m.applied_at as "appliedAt", r.action, r.database_user as "databaseUser"
    from plinth.migrations as m
    join plinth.runs as r on r.id = m.run_id`;

/** The tables in which other tools have recorded what was taken over from them, as `schema.table` in SQL. */
export async function readAdoptedTables(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `select distinct details ->> 'table' as name from plinth.run_events where event = 'adopted' and details ? 'table'`,
  );
  return rows.map(({ name }) => name);
}

/** Migrations of one target to apply in one go. */
export interface AppliedFolder {
  readonly target: string;
  readonly scope: string;
  readonly folder: MigrationFolder;
}

/**
 * What the history applied, as folders to apply one after the other to an empty database. A baseline stands for the
 * target's files up to it.
 * @param folderOf where a target's files are, for baselines
 */
export function appliedFolders(
  history: readonly AppliedMigration[],
  folderOf: (target: string) => FolderChoice | undefined,
): readonly AppliedFolder[] {
  const folders: { target: string; scope: string; migrations: Migration[] }[] = [];
  for (const applied of history) {
    const { target, scope } = applied;
    const migrations =
      applied.kind === 'baseline' && applied.up === ''
        ? filesUpTo(applied.version, folderOf(target))
        : [migrationOf(applied)];
    const last = folders.at(-1);
    const goesOn = last?.target === target && last.scope === scope && isLater(migrations, last.migrations);
    if (last && goesOn) {
      last.migrations.push(...migrations);
    } else {
      folders.push({ target, scope, migrations: [...migrations] });
    }
  }
  return folders.map(({ target, scope, migrations }) => ({
    target,
    scope,
    folder: { path: 'the ledger', format: 'pairs', migrations, programs: [], notices: [] },
  }));
}

/** True when an apply, which goes by version, would keep the order. */
function isLater(next: readonly Migration[], before: readonly Migration[]): boolean {
  const [first] = next;
  const last = before.at(-1);
  if (!first || !last || last.kind === 'repeatable') {
    return !first || !last || first.kind === 'repeatable';
  }
  return first.kind === 'repeatable' || compareVersions(first.version, last.version) > 0;
}

/** The files that a baseline stands for; none where the folder has none of them. */
export function filesUpTo(version: string, folder: FolderChoice | undefined): readonly Migration[] {
  return folder === undefined
    ? []
    : readFolder(folder).migrations.filter(
        (migration) => migration.kind === 'versioned' && compareVersions(keyOf(migration), version) <= 0,
      );
}

function migrationOf({ version, name, kind, up }: AppliedMigration): Migration {
  const source: ScriptSource = { file: `${version} in the ledger`, read: () => up };
  return kind === 'repeatable'
    ? { version: '', name, kind, up: source, down: undefined }
    : { version, name, kind: 'versioned', up: source, down: undefined };
}
