import type { DataClassification } from '../config/index.js';
import type { OnProgress } from '../core/index.js';
import type { Database } from '../database/index.js';
import type { ApprovalPolicy } from './approvals/policy.js';
import type { MigrationFolder } from './migration.js';

/** What every call of the engine is told: which database, which migrations, and under which limits. */
export interface MigrateOptions {
  readonly database: Database;
  /** The target's name in the ledger. */
  readonly target: string;
  /** Which one of a fleet this is, for telemetry. */
  readonly member?: string;
  /** The schema, where the target is migrated schema by schema. */
  readonly schema?: string;
  /** Schemas that come after it in the search path, for what all of them share: extensions. */
  readonly sharedSchemas?: readonly string[];
  /** The migrations: a folder to read, or one that was read, as a bundle's is. */
  readonly folder: FolderChoice | MigrationFolder;
  /** What to do about pending migrations older than the newest applied one, and applied ones without a file. */
  readonly order?: 'strict' | 'allow-missing';
  readonly limits?: Partial<MigrateLimits>;
  /** How many days what a destructive statement would have destroyed is kept for certain. Default 30. */
  readonly keptDays?: number;
  /** The classes of the project's columns: kept data keeps them. Asked for when something is kept. */
  readonly classification?: () => DataClassification;
  /** Which migrations need whose approval; none does without it. */
  readonly approvals?: ApprovalPolicy;
  /** Who runs this and where: operating-system user@host (process). */
  readonly client?: string;
  /** How many spans a run may make, one for each migration and each statement. Default 1,000. */
  readonly spansPerRun?: number;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A folder of migrations that is yet to be read. */
export interface FolderChoice {
  readonly path: string;
  /** The path as messages show it; `path` unless given. */
  readonly displayPath?: string;
  /** A format's name, or `auto`. */
  readonly format?: string;
}

/** All in milliseconds. */
export interface MigrateLimits {
  /** How long a statement may wait for a lock. Default 2,000. */
  readonly lockTimeoutMs: number;
  /** How long a statement may run; 0 is without limit. Default 900,000. */
  readonly statementTimeoutMs: number;
  /** How long a migration that met a lock time-out is tried again. Default 120,000. */
  readonly retryForMs: number;
  /** How long to wait while somebody else migrates the target. Default 60,000. */
  readonly applyLockTimeoutMs: number;
}

export const DEFAULT_KEPT_DAYS = 30;

export const DEFAULT_LIMITS: MigrateLimits = {
  lockTimeoutMs: 2_000,
  statementTimeoutMs: 900_000,
  retryForMs: 120_000,
  applyLockTimeoutMs: 60_000,
};
