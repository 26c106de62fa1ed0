/** The migration engine's calls, for the targets that `plinth.yaml` declares. */
import { resolve } from 'node:path';
import { readDataClassification, targetSettings } from '../config/index.js';
import {
  apply,
  applyFleet,
  type Fleet,
  type FleetPlan,
  type FleetRunReport,
  type FleetStatusReport,
  fleetStatus,
  type MigrateOptions,
  type MigrationPlan,
  type NewMigration,
  newMigration,
  plan,
  planFleet,
  type RunReport,
  rollback,
  rollbackFleet,
  type StatusReport,
  status,
  type Validation,
  validate,
} from '../migrate/index.js';
import { approvalPolicy } from './approval-policy.js';
import { bundleToApply, withBundle } from './bundle-source.js';
import type { ProjectContext } from './context.js';
import { fleetOf } from './fleet.js';

export interface TargetChoice {
  /** The target's name; every target, in the order of `plinth.yaml`, where it is left out. */
  readonly target?: string;
}

/** Where the migrations come from, if not from the target's folder. */
export interface SourceChoice extends TargetChoice {
  /** A bundle: a path, or `s3://bucket/key`. The target is the one that it was made of. */
  readonly from?: string;
}

/** Which pending migrations. */
export interface UpSelection extends SourceChoice {
  /** Stop after this version. */
  readonly to?: string;
  /** At most so many. */
  readonly steps?: number;
}

/** Which applied migrations, newest first. */
export interface DownSelection extends SourceChoice {
  /** Down to this version, which stays applied; `0` is all the way. */
  readonly to?: string;
  /** So many; one unless told otherwise. */
  readonly steps?: number;
  /** What the last run applied. */
  readonly lastRun?: boolean;
}

export interface MigrationCalls {
  /** Where each target stands. */
  status(choice?: TargetChoice): Promise<readonly (StatusReport | FleetStatusReport)[]>;
  /** What `apply` would do. */
  plan(selection?: UpSelection): Promise<readonly (MigrationPlan | FleetPlan)[]>;
  /** What `rollback` would do. */
  planRollback(selection: DownSelection): Promise<readonly (MigrationPlan | FleetPlan)[]>;
  /**
   * Applies what is pending. A fleet's report names the members that failed, and the targets after a fleet in which
   * one has are not begun.
   */
  apply(selection?: UpSelection): Promise<readonly (RunReport | FleetRunReport)[]>;
  /** Takes back what is applied; the targets in reverse order. */
  rollback(selection: DownSelection): Promise<readonly (RunReport | FleetRunReport)[]>;
  /** Reads and parses every script, without a database. */
  validate(choice?: TargetChoice): Promise<readonly Validation[]>;
  /** Writes the two files of a new, empty migration. */
  newMigration(options: { readonly target: string; readonly description: string }): NewMigration;
}

export function migrationCalls(context: ProjectContext): MigrationCalls {
  const each = async <One, Many>(
    { from, ...choice }: SourceChoice,
    one: (options: MigrateOptions) => Promise<One>,
    many: (fleet: Fleet) => Promise<Many>,
    order: 'forward' | 'backward' = 'forward',
  ): Promise<(One | Many)[]> => {
    const bundle = from === undefined ? undefined : await bundleToApply(context, from, choice);
    const targets = bundle ? [bundle.manifest.target] : chosenTargets(context, choice);
    const results: (One | Many)[] = [];
    for (const target of order === 'forward' ? targets : targets.reverse()) {
      const configured = await migrateOptions(context, target);
      const options = bundle ? withBundle(configured, bundle) : configured;
      const fleet = await fleetOf(context, target, options);
      results.push(fleet ? await many(fleet) : await one(options));
      if (hasFailures(results.at(-1))) {
        break;
      }
    }
    return results;
  };
  return {
    status: (choice = {}) => each(choice, status, fleetStatus),
    plan: (selection = {}) =>
      each(
        selection,
        (options) => plan({ ...options, ...up(selection) }),
        (fleet) => planFleet(fleet, up(selection)),
      ),
    planRollback: (selection) => {
      const choice = { direction: 'down', ...down(selection) } as const;
      return each(
        selection,
        (options) => plan({ ...options, ...choice }),
        (fleet) => planFleet(fleet, choice),
        'backward',
      );
    },
    apply: (selection = {}) =>
      each(
        selection,
        (options) => apply({ ...options, ...up(selection) }),
        (fleet) => applyFleet(fleet, up(selection)),
      ),
    rollback: (selection) =>
      each(
        selection,
        (options) => rollback({ ...options, ...down(selection) }),
        (fleet) => rollbackFleet(fleet, down(selection)),
        'backward',
      ),
    validate: (choice = {}) =>
      Promise.all(
        chosenTargets(context, choice).map((target) => validate({ folder: folderOf(context, target) })),
      ),
    newMigration: ({ target, description }) => {
      const { path, displayPath, format } = folderOf(context, target);
      return newMigration({ folder: path, displayFolder: displayPath, format, description });
    },
  };
}

/** True for a run over a fleet in which a member failed. */
function hasFailures(result: unknown): boolean {
  const { counts, action } = result as Partial<FleetRunReport>;
  return action !== undefined && (counts?.failed ?? 0) > 0;
}

/** The targets of a choice: a fresh array, in the order of `plinth.yaml`. */
export function chosenTargets(context: ProjectContext, choice: TargetChoice): string[] {
  if (choice.target === undefined) {
    return Object.keys(context.config.settings.targets);
  }
  targetSettings(context.config, choice.target);
  return [choice.target];
}

/** The folder of a target's migrations, as the engine takes it. */
export function folderOf(context: ProjectContext, target: string) {
  const { migrations, format } = targetSettings(context.config, target);
  return { path: resolve(context.config.root, migrations), displayPath: migrations, format };
}

/** The engine's options for a target, from its settings. */
export async function migrateOptions(context: ProjectContext, target: string): Promise<MigrateOptions> {
  const settings = targetSettings(context.config, target);
  return {
    database: await context.databaseOf(target),
    target,
    folder: folderOf(context, target),
    order: settings.order,
    limits: {
      lockTimeoutMs: settings.lockTimeout,
      statementTimeoutMs: settings.statementTimeout,
      retryForMs: settings.retryFor,
      applyLockTimeoutMs: settings.applyLockTimeout,
    },
    client: context.client,
    keptDays: context.config.settings.kept.days,
    classification: () => readDataClassification(context.config.root),
    spansPerRun: context.config.settings.telemetry.spansPerRun,
    ...(settings.approvals ? { approvals: approvalPolicy(context, target) } : {}),
    onProgress: context.onProgress,
    ...(context.signal ? { signal: context.signal } : {}),
  };
}

function up({ to, steps }: UpSelection) {
  return { ...(to === undefined ? {} : { to }), ...(steps === undefined ? {} : { steps }) };
}

function down({ lastRun, ...selection }: DownSelection) {
  return { ...up(selection), ...(lastRun ? { lastRun } : {}) };
}
