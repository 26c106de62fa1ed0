import type { Migration } from '../migration.js';
import type { MigrateOptions } from '../options.js';
import type { Task } from '../run/one.js';
import type { Run } from '../run/with-run.js';
import { keptApprovals } from './kept-approvals.js';
import { requireApprovals } from './require.js';

/**
 * The tasks of a rollback, if each has the approvals that its down script needs. Approvals of a migration that this
 * checkout does not have are taken from the ledger, which keeps those it was applied with.
 * @throws MIGRATE_APPROVALS_MISSING
 */
export async function approveTasks(
  { approvals: policy, target }: Pick<MigrateOptions, 'approvals' | 'target'>,
  { context }: Run,
  tasks: readonly Task[],
): Promise<readonly Task[]> {
  if (policy === undefined) {
    return tasks;
  }
  const versions = tasks.map(({ version }) => version);
  const kept = await keptApprovals(context.connection.session, context.scope, versions);
  const approved = await requireApprovals(
    { policy, target, direction: 'down', kept },
    tasks.map(migrationOf),
  );
  return tasks.map((task, index) => ({ ...task, eventDetails: approved[index]!.eventDetails }));
}

/** The migration as the rollback will run it. */
export function migrationOf(
  task: Pick<Task, 'version' | 'name' | 'scripts' | 'file' | 'withoutTransaction'>,
): Migration {
  const { scripts, file, version, name } = task;
  return {
    version,
    name,
    kind: 'versioned',
    up: { file, read: () => scripts.up },
    down:
      scripts.down === undefined
        ? undefined
        : { file, read: () => scripts.down!, withoutTransaction: task.withoutTransaction },
  };
}
