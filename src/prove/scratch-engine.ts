/** The engine's own calls on a throwaway database, for one migration or for all up to one. */
import type { Database } from '../database/index.js';
import {
  apply,
  type Migration,
  type MigrationFolder,
  type MigrationPlan,
  plan,
  type RunReport,
  rollback,
} from '../migrate/index.js';
import { namedSessions } from './named-sessions.js';

/** How the target is migrated. */
export interface EngineTarget {
  readonly name: string;
  /** How messages call the folder. */
  readonly folder: string;
  /** The schema, where the target is migrated schema by schema. */
  readonly schema?: string | undefined;
  readonly sharedSchemas?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ScratchEngine {
  apply(database: Database, migrations: readonly Migration[]): Promise<RunReport>;
  /** @param to the version to get back to; one migration back unless given */
  rollback(database: Database, migration: Migration, to?: string): Promise<RunReport>;
  /** What the engine says beforehand that a script will do. */
  plan(database: Database, migration: Migration, direction: 'up' | 'down'): Promise<MigrationPlan>;
}

/** Short waits: nobody but the small load is there. */
const LIMITS = {
  lockTimeoutMs: 5_000,
  statementTimeoutMs: 600_000,
  retryForMs: 10_000,
  applyLockTimeoutMs: 20_000,
};

export function scratchEngine(target: EngineTarget): ScratchEngine {
  const options = (database: Database, migrations: readonly Migration[]) => ({
    database,
    target: target.name,
    folder: folderOf(target, migrations),
    order: 'allow-missing' as const,
    limits: LIMITS,
    client: 'plinth prove',
    spansPerRun: 0,
    ...(target.schema === undefined ? {} : { schema: target.schema }),
    ...(target.sharedSchemas === undefined ? {} : { sharedSchemas: target.sharedSchemas }),
    ...(target.signal ? { signal: target.signal } : {}),
  });
  return {
    apply: (database, migrations) => apply(options(database, migrations)),
    rollback: (database, migration, to) =>
      rollback({ ...options(database, [migration]), ...(to === undefined ? { steps: 1 } : { to }) }),
    plan: (database, migration, direction) =>
      plan({
        ...options(namedSessions(database, 'plinth prove plan'), [migration]),
        direction,
        ...(direction === 'down' ? { steps: 1 } : {}),
      }),
  };
}

function folderOf(target: EngineTarget, migrations: readonly Migration[]): MigrationFolder {
  return { path: target.folder, format: 'read', migrations, programs: [], notices: [] };
}
