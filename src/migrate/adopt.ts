/**
 * Takes over a database that another tool has migrated. Three things must agree before anything is written: the
 * tool's record must be settled, its migrations must have their files, and the files must make the schema that
 * the database has. The tool's own table is only read, so that one can go back to it.
 */
import type { SchemaDiff } from '../catalog/index.js';
import { type Database, type Session, withSession } from '../database/index.js';
import { qualifiedName } from '../sql/index.js';
import type { HistoryTable } from './adopt/find-history.js';
import type { ForeignHistory } from './adopt/foreign-tool.js';
import type { HistoryMatch, MatchedMigration } from './adopt/match-history.js';
import { refuseRecorded } from './baseline.js';
import { MIGRATE_ERRORS } from './errors.js';
import { readFolder } from './folder/read-folder.js';
import { readLedger } from './ledger/ledger.js';
import { eventExists, insertEvent, upsertMigration } from './ledger/writes.js';
import { keyOf, type MigrationFolder } from './migration.js';
import type { MigrateOptions } from './options.js';
import { recorded } from './run/prepare.js';
import { recordOnly } from './run/record.js';
import { withRun } from './run/with-run.js';

export interface AdoptOptions extends MigrateOptions {
  /** The tool's table as `schema.table` or `table`, where it is not found by its name. */
  readonly table?: string;
  /**
   * An empty database, on a server like the target's, to build the schema in that the migrations make. Without
   * one the schemas are not compared, and nothing is written unless `acceptDifferences` is set.
   */
  readonly scratch?: Database;
  /** Write the ledger in spite of differences; they are in the report all the same. */
  readonly acceptDifferences?: boolean;
}

/** What was found, and whether it was written. */
export interface AdoptReport {
  readonly target: string;
  /** The tool whose record was read, and its table. */
  readonly tool: string;
  readonly table: string;
  /** The versions that the ledger takes over. */
  readonly adopted: readonly string[];
  /** The folder's versions that the tool has not applied. */
  readonly pending: readonly string[];
  /** Versions that the tool has applied and the folder does not have. */
  readonly missing: readonly string[];
  /** Versions that the tool has applied by a program: the ledger has no row for them. */
  readonly programs: readonly string[];
  /** Adopted versions whose file is not the one that was applied, by the tool's own checksum. */
  readonly changed: readonly string[];
  /**
   * What leads from the schema that the adopted migrations make to the one that the database has; `undefined`
   * where they were not compared.
   */
  readonly differences: SchemaDiff | undefined;
  /** Why the migrations could not be applied to the scratch database. */
  readonly notRebuilt: string | undefined;
  /** The ledger was written. */
  readonly written: boolean;
  readonly runId: string | undefined;
  readonly notices: readonly string[];
}

/**
 * Writes the ledger of a database that another tool has migrated, if everything agrees; says what does not.
 * @throws MIGRATE_HISTORY_NOT_FOUND, MIGRATE_HISTORY_AMBIGUOUS, MIGRATE_HISTORY_UNSETTLED, MIGRATE_ALREADY_RECORDED
 */
export async function adopt(options: AdoptOptions): Promise<AdoptReport> {
  const folder = readFolder(options.folder);
  const found = await withSession(options.database, (session) => look(session, options, folder));
  const { table, match } = found;
  const notRebuilt = options.scratch && (await rebuildIn(options.scratch, options, folder, found));
  const differences =
    options.scratch && notRebuilt === undefined
      ? await compareWith(options.scratch, options.database, table)
      : undefined;
  const isComplete = match.missing.length === 0 && match.changed.length === 0;
  const agrees = isComplete && differences?.isEmpty === true;
  const isWritten = agrees || options.acceptDifferences === true;
  const runId = isWritten ? await write(options, folder, found) : undefined;
  return {
    target: options.target,
    tool: table.tool.name,
    table: qualifiedName(table.schema, table.name),
    adopted: match.matched.map(({ migration }) => keyOf(migration)),
    pending: match.pending,
    missing: match.missing,
    programs: match.programs,
    changed: match.changed,
    differences,
    notRebuilt,
    written: runId !== undefined,
    runId,
    notices: folder.notices,
  };
}

async function compareWith(scratch: Database, database: Database, table: HistoryTable): Promise<SchemaDiff> {
  const { compareSchemas } = await import('./adopt/compare-schemas.js');
  return compareSchemas(scratch, database, table);
}

interface Found {
  readonly table: HistoryTable;
  readonly history: ForeignHistory;
  readonly match: HistoryMatch;
}

async function look(session: Session, options: AdoptOptions, folder: MigrationFolder): Promise<Found> {
  const scope = { target: options.target, scope: options.schema ?? '' };
  refuseRecorded((await readLedger(session, scope)) ?? [], `adopt '${options.target}'`);
  // What knows the other tools is loaded for this call alone.
  const { findHistory } = await import('./adopt/find-history.js');
  const { matchHistory } = await import('./adopt/match-history.js');
  const table = await findHistory(session, options.table);
  const history = await table.tool.read(session, qualifiedName(table.schema, table.name), folder);
  if (history.unsettled) {
    throw MIGRATE_ERRORS.HISTORY_UNSETTLED({
      message: `Cannot adopt the database: by ${qualifiedName(table.schema, table.name)} of ${table.tool.name}, ${history.unsettled.reason}`,
      hint: history.unsettled.hint,
      details: { table: table.name },
    });
  }
  return { table, history, match: matchHistory(table.tool, history.applied, folder) };
}

async function rebuildIn(
  scratch: Database,
  options: AdoptOptions,
  folder: MigrationFolder,
  { table, match }: Found,
): Promise<string | undefined> {
  const { rebuild } = await import('./adopt/rebuild.js');
  return rebuild({ ...options, database: scratch }, folder, table.tool, match.matched);
}

/** Under the lock everything is read again: the tool, or another adoption, may have been at work meanwhile. */
async function write(options: AdoptOptions, folder: MigrationFolder, before: Found): Promise<string> {
  return withRun(options, 'adopt', folder.path, async ({ context }) => {
    const now = await look(context.connection.session, options, folder);
    if (JSON.stringify(now.history) !== JSON.stringify(before.history)) {
      throw MIGRATE_ERRORS.HISTORY_UNSETTLED({
        message: `Cannot adopt the database: ${now.table.tool.name} has changed its record meanwhile`,
        hint: 'Stop the other tool, then run `plinth adopt` again.',
      });
    }
    const { scope, run } = context;
    const { matched } = now.match;
    const details = { tool: now.table.tool.name, table: qualifiedName(now.table.schema, now.table.name) };
    await recordOnly(context, 'the adoption', {
      sql: [
        ...matched.map((match) => adoptedRow(match, scope, run.id)),
        ...matched.map(({ migration }) =>
          insertEvent(run.id, 'adopted', keyOf(migration), undefined, details),
        ),
        ...(matched.length === 0 ? [insertEvent(run.id, 'adopted', undefined, undefined, details)] : []),
      ],
      proof: matched[0] ? eventExists(run.id, 'adopted', keyOf(matched[0].migration)) : 'true',
    });
    return run.id;
  });
}

function adoptedRow(
  { migration, entry }: MatchedMigration,
  scope: { readonly target: string; readonly scope: string },
  runId: string,
): string {
  const { name, kind, up, down } = migration;
  const record = {
    version: keyOf(migration),
    name,
    kind,
    scripts: recorded({ up: up.read(), down: down?.read() }),
    ...(entry.appliedAt ? { appliedAt: entry.appliedAt } : {}),
  };
  return upsertMigration(scope, record, 'applied', runId, entry.durationMs);
}
