import { targetSettings } from '../config/index.js';
import { type Fleet, fleetMembers, type MigrateOptions, queryMemberNames } from '../migrate/index.js';
import type { ProjectContext } from './context.js';

/**
 * The fleet that a target is, if `plinth.yaml` makes it one; a query is asked now.
 * @param options those of the target itself
 * @throws MIGRATE_FLEET_QUERY_FAILED
 */
export async function fleetOf(
  context: ProjectContext,
  target: string,
  options: MigrateOptions,
): Promise<Fleet | undefined> {
  const { fleet } = targetSettings(context.config, target);
  if (fleet === undefined) {
    return undefined;
  }
  const { databases, schemas, query, parallel, canary, stopAfterFailures, sharedSchemas } = fleet;
  const kind = databases ? 'database' : schemas ? 'schema' : fleet.kind;
  const names = databases ?? schemas ?? (await queryMemberNames(options.database, target, query ?? ''));
  return {
    target,
    kind,
    members: fleetMembers(kind, names, { ...options, sharedSchemas }),
    policy: { parallel, canary, stopAfterFailures },
    onProgress: context.onProgress,
    signal: context.signal,
  };
}
