import { loadParser } from '../sql/index.js';
import { approveInterrupted } from './approvals/interrupted.js';
import { type ApprovedMigration, requireApprovals } from './approvals/require.js';
import { checkHistory } from './check-history.js';
import { MIGRATE_ERRORS } from './errors.js';
import { readFolder } from './folder/read-folder.js';
import type { LedgerEntry } from './ledger/ledger.js';
import { keyOf, type Migration } from './migration.js';
import type { MigrateOptions } from './options.js';
import type { MigrationOutcome, RunReport } from './report.js';
import { runEach } from './run/each.js';
import { finishInterrupted, stepsLeft } from './run/interrupted.js';
import type { Task } from './run/one.js';
import { withRun } from './run/with-run.js';
import { type MigrationStanding, standings } from './state.js';
import { compareVersions, findVersion } from './version.js';

export interface ApplyOptions extends MigrateOptions {
  /** Stop after this version. */
  readonly to?: string;
  /** Apply at most so many. */
  readonly steps?: number;
}

/**
 * Applies what is pending, in order. What an earlier run left unfinished is finished first. Each migration
 * is wholly applied, wholly absent, or can be resumed, whatever happens.
 * @throws MIGRATE_STATEMENT_FAILED and the other MIGRATE_ errors; what was applied before stays applied
 */
export async function apply(options: ApplyOptions): Promise<RunReport> {
  const startedMs = performance.now();
  // While the database is connected to; who needs it waits for it.
  loadParser().catch(() => {});
  const folder = readFolder(options.folder);
  return withRun(options, 'apply', folder.path, async (run) => {
    const interrupted = await finishInterrupted(run, await approveInterrupted(options, folder, run.entries));
    const all = standings(folder, interrupted.entries);
    run.context.telemetry.standsAt(all);
    const finished = interrupted.outcomes.filter(({ direction }) => direction === 'up').length;
    const steps = options.steps === undefined ? undefined : stepsLeft(options.steps, finished);
    const notices = await checkHistory(
      run.context.connection.session,
      run.context.scope,
      all,
      options.order ?? 'strict',
    );
    const approved = await requireApprovals(
      { policy: options.approvals, target: options.target, direction: 'up' },
      selectPending(all, { ...options, steps }),
    );
    const makers = approved.map((each) => () => upTask(each));
    const applied = await runEach(run.context, makers, { title: 'apply migrations' });
    const migrations = [...interrupted.outcomes, ...applied];
    return {
      target: options.target,
      action: 'apply',
      runId: run.context.run.id,
      from: newestVersion(run.entries),
      to: newestOf(newestVersion(interrupted.entries), applied),
      migrations,
      durationMs: performance.now() - startedMs,
      notices: [...folder.notices, ...notices],
    };
  });
}

/**
 * The migrations that an apply would run, in order.
 * @throws MIGRATE_VERSION_UNKNOWN when `to` names none
 */
export function selectPending(
  all: readonly MigrationStanding[],
  selection: { readonly to?: string; readonly steps?: number | undefined },
): readonly Migration[] {
  const { steps } = selection;
  const versions = all.filter(({ key }) => !key.startsWith('R__')).map(({ key }) => key);
  const to = selection.to === undefined ? undefined : findVersion(versions, selection.to);
  if (selection.to !== undefined && to === undefined) {
    throw MIGRATE_ERRORS.VERSION_UNKNOWN({
      message: `Cannot apply up to ${selection.to}: no migration has that version`,
      details: { version: selection.to },
    });
  }
  return all
    .filter(({ state }) => state === 'pending' || state === 'outdated')
    .flatMap(({ migration }) => (migration ? [migration] : []))
    .filter(
      ({ version, kind }) => to === undefined || (kind === 'versioned' && compareVersions(version, to) <= 0),
    )
    .slice(0, steps ?? Number.POSITIVE_INFINITY);
}

/** The task of one pending migration; its files are read now. */
function upTask({ migration, eventDetails }: ApprovedMigration): Task {
  return {
    direction: 'up',
    version: keyOf(migration),
    name: migration.name,
    kind: migration.kind,
    scripts: { up: migration.up.read(), down: migration.down?.read() },
    file: migration.up.file,
    withoutTransaction: migration.up.withoutTransaction ?? false,
    resumed: undefined,
    eventDetails,
  };
}

/** The newest version in the ledger. */
export function newestVersion(entries: readonly LedgerEntry[]): string | undefined {
  return entries
    .filter(({ kind }) => kind !== 'repeatable')
    .map(({ version }) => version)
    .sort(compareVersions)
    .at(-1);
}

function newestOf(before: string | undefined, applied: readonly MigrationOutcome[]): string | undefined {
  const versions = applied.map(({ version }) => version).filter((version) => !version.startsWith('R__'));
  return [...(before === undefined ? [] : [before]), ...versions].sort(compareVersions).at(-1);
}
