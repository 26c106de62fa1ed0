import { loadParser } from '../sql/index.js';
import { newestVersion } from './apply.js';
import { approveInterrupted } from './approvals/interrupted.js';
import { approveTasks } from './approvals/rollback-tasks.js';
import { MIGRATE_ERRORS } from './errors.js';
import { readFolder } from './folder/read-folder.js';
import { type LedgerEntry, type LedgerTexts, readApplyingRuns, readTextsOfAll } from './ledger/ledger.js';
import { keyOf, labelOf, type Migration, type MigrationFolder } from './migration.js';
import type { MigrateOptions } from './options.js';
import type { RunReport } from './report.js';
import { runEach } from './run/each.js';
import { finishInterrupted, stepsLeft } from './run/interrupted.js';
import type { Task } from './run/one.js';
import { irreversibleReason } from './run/script.js';
import { type Run, withRun } from './run/with-run.js';
import { standings } from './state.js';
import { compareVersions, findVersion } from './version.js';

export interface RollbackOptions extends MigrateOptions {
  /** Roll back every migration newer than this version; `0` is all of them. */
  readonly to?: string;
  /** Roll back so many, newest first; one that was interrupted counts. One, unless `to` or `lastRun` is given. */
  readonly steps?: number;
  /** Roll back what the last run applied. */
  readonly lastRun?: boolean;
}

/**
 * Rolls migrations back, newest first. A down script is read from the folder, or from the ledger where the
 * folder has no such migration: an older checkout can roll a newer change back.
 * @throws MIGRATE_IRREVERSIBLE before anything is changed, when one of them has no way down
 */
export async function rollback(options: RollbackOptions): Promise<RunReport> {
  const startedMs = performance.now();
  // While the database is connected to; who needs it waits for it.
  loadParser().catch(() => {});
  const folder = readFolder(options.folder);
  return withRun(options, 'rollback', folder.path, async (run) => {
    const { outcomes, entries } = await finishInterrupted(
      run,
      await approveInterrupted(options, folder, run.entries),
    );
    run.context.telemetry.standsAt(standings(folder, entries));
    const finished = outcomes.filter(({ direction }) => direction === 'down').map(({ version }) => version);
    const chosen = await selectRest(run, entries, options, finished);
    const tasks = await downTasks(run, folder, chosen);
    const makers = (await approveTasks(options, run, tasks)).map((task) => () => task);
    const undone = await runEach(run.context, makers, { title: 'roll migrations back' });
    const gone = new Set(undone.map(({ version }) => version));
    return {
      target: options.target,
      action: 'rollback',
      runId: run.context.run.id,
      from: newestVersion(run.entries),
      to: newestVersion(entries.filter(({ version }) => !gone.has(version))),
      migrations: [...outcomes, ...undone],
      durationMs: performance.now() - startedMs,
      notices: [],
    };
  });
}

/** What is left to undo, when the migrations that were interrupted on their way down have been undone first. */
async function selectRest(
  run: Run,
  entries: readonly LedgerEntry[],
  options: RollbackOptions,
  finished: readonly string[],
): Promise<readonly LedgerEntry[]> {
  if (finished.length === 0) {
    return selectApplied(entries, options);
  }
  if (!entries.some(({ kind }) => kind === 'versioned')) {
    return [];
  }
  if (options.to !== undefined) {
    return selectApplied(entries, options);
  }
  if (options.lastRun) {
    const { session } = run.context.connection;
    const runs = await readApplyingRuns(session, run.context.scope, finished);
    return selectApplied(entries, { to: '0' }).filter(({ runId }) => runs.has(runId));
  }
  return selectApplied(entries, { steps: stepsLeft(options.steps ?? 1, finished.length) });
}

/**
 * The applied migrations that a rollback would undo, newest first.
 * @throws MIGRATE_NOTHING_TO_ROLL_BACK, MIGRATE_VERSION_UNKNOWN
 */
export function selectApplied(
  entries: readonly LedgerEntry[],
  selection: { readonly to?: string; readonly steps?: number; readonly lastRun?: boolean },
): readonly LedgerEntry[] {
  const { lastRun } = selection;
  const applied = entries
    .filter(({ kind }) => kind === 'versioned')
    .sort((a, b) => compareVersions(b.version, a.version));
  if (applied.length === 0) {
    throw MIGRATE_ERRORS.NOTHING_TO_ROLL_BACK({ message: 'Cannot roll back: no migration is applied' });
  }
  if (selection.to !== undefined) {
    const to = downTo(entries, selection.to);
    return applied.filter(({ version }) => compareVersions(version, to) > 0);
  }
  if (lastRun) {
    const newest = applied.reduce((a, b) => (a.appliedAt >= b.appliedAt ? a : b));
    return applied.filter(({ runId }) => runId === newest.runId);
  }
  return applied.slice(0, selection.steps ?? 1);
}

function downTo(entries: readonly LedgerEntry[], wanted: string): string {
  const versions = entries.filter(({ kind }) => kind !== 'repeatable').map(({ version }) => version);
  const to = findVersion(versions, wanted) ?? (/^0+$/.test(wanted) ? wanted : undefined);
  if (to === undefined) {
    throw MIGRATE_ERRORS.VERSION_UNKNOWN({
      message: `Cannot roll back to ${wanted}: that version is not applied`,
      details: { version: wanted },
    });
  }
  return to;
}

async function downTasks(
  { context }: Run,
  folder: MigrationFolder,
  entries: readonly LedgerEntry[],
): Promise<Task[]> {
  const migrations = new Map(folder.migrations.map((migration) => [keyOf(migration), migration]));
  const texts = await readTextsOfAll(
    context.connection.session,
    context.scope,
    entries.map(({ version }) => version),
  );
  return entries.map((entry) => downTask(entry, migrations.get(entry.version), texts.get(entry.version)!));
}

function downTask(entry: LedgerEntry, migration: Migration | undefined, kept: LedgerTexts): Task {
  const down = migration?.down?.read() ?? kept.down;
  const up = migration?.up.read() ?? kept.up;
  const reason = irreversibleReason(up) ?? (down === undefined ? undefined : irreversibleReason(down));
  if (down === undefined || reason !== undefined) {
    throw MIGRATE_ERRORS.IRREVERSIBLE({
      message: `Cannot roll back ${labelOf(entry)}: ${reason === undefined ? 'it has no down script' : `it is declared irreversible (${reason})`}`,
      details: { version: entry.version },
    });
  }
  return {
    direction: 'down',
    version: entry.version,
    name: entry.name,
    kind: entry.kind,
    scripts: { up: kept.up, down },
    file: migration?.down?.file ?? `${labelOf(entry)} (down, from the ledger)`,
    withoutTransaction: migration?.down?.withoutTransaction ?? false,
    resumed: undefined,
  };
}
