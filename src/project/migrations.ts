/** The migration engine's calls, for the targets that `plinth.yaml` declares. */
import { join } from 'node:path';
import { targetSettings } from '../config/index.js';
import {
  apply,
  type MigrateOptions,
  type MigrationPlan,
  type NewMigration,
  newMigration,
  plan,
  type RunReport,
  rollback,
  type StatusReport,
  status,
  type Validation,
  validate,
} from '../migrate/index.js';
import { approvalPolicy } from './approval-policy.js';
import type { ProjectContext } from './context.js';

export interface TargetChoice {
  /** The target's name; every target, in the order of `plinth.yaml`, where it is left out. */
  readonly target?: string;
}

/** Which pending migrations. */
export interface UpSelection extends TargetChoice {
  /** Stop after this version. */
  readonly to?: string;
  /** At most so many. */
  readonly steps?: number;
}

/** Which applied migrations, newest first. */
export interface DownSelection extends TargetChoice {
  /** Down to this version, which stays applied; `0` is all the way. */
  readonly to?: string;
  /** So many; one unless told otherwise. */
  readonly steps?: number;
  /** What the last run applied. */
  readonly lastRun?: boolean;
}

export interface MigrationCalls {
  /** Where each target stands. */
  status(choice?: TargetChoice): Promise<readonly StatusReport[]>;
  /** What `apply` would do. */
  plan(selection?: UpSelection): Promise<readonly MigrationPlan[]>;
  /** What `rollback` would do. */
  planRollback(selection: DownSelection): Promise<readonly MigrationPlan[]>;
  /** Applies what is pending. */
  apply(selection?: UpSelection): Promise<readonly RunReport[]>;
  /** Takes back what is applied; the targets in reverse order. */
  rollback(selection: DownSelection): Promise<readonly RunReport[]>;
  /** Reads and parses every script, without a database. */
  validate(choice?: TargetChoice): Promise<readonly Validation[]>;
  /** Writes the two files of a new, empty migration. */
  newMigration(options: { readonly target: string; readonly description: string }): NewMigration;
}

export function migrationCalls(context: ProjectContext): MigrationCalls {
  const each = async <T>(targets: readonly string[], call: (target: string) => Promise<T>): Promise<T[]> => {
    const results: T[] = [];
    for (const target of targets) {
      results.push(await call(target));
    }
    return results;
  };
  return {
    status: (choice = {}) =>
      each(chosenTargets(context, choice), async (target) => status(await migrateOptions(context, target))),
    plan: (selection = {}) =>
      each(chosenTargets(context, selection), async (target) =>
        plan({ ...(await migrateOptions(context, target)), ...up(selection) }),
      ),
    planRollback: (selection) =>
      each(chosenTargets(context, selection).reverse(), async (target) =>
        plan({ ...(await migrateOptions(context, target)), direction: 'down', ...down(selection) }),
      ),
    apply: (selection = {}) =>
      each(chosenTargets(context, selection), async (target) =>
        apply({ ...(await migrateOptions(context, target)), ...up(selection) }),
      ),
    rollback: (selection) =>
      each(chosenTargets(context, selection).reverse(), async (target) =>
        rollback({ ...(await migrateOptions(context, target)), ...down(selection) }),
      ),
    validate: (choice = {}) =>
      each(chosenTargets(context, choice), (target) => validate({ folder: folderOf(context, target) })),
    newMigration: ({ target, description }) => {
      const { path, displayPath } = folderOf(context, target);
      return newMigration({ folder: path, displayFolder: displayPath, description });
    },
  };
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
  return { path: join(context.config.root, migrations), displayPath: migrations, format };
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
