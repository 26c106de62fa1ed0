import type { DataClassification } from '../../config/index.js';
import type { OnProgress } from '../../core/index.js';
import type { LedgerScope } from '../ledger/ledger.js';
import type { RunRecord } from '../ledger/writes.js';
import type { Lease } from '../lock.js';
import type { RunConnection } from './connection.js';
import type { RunTelemetry } from './observed-run.js';
import type { MigrationObserver } from './observer.js';
import type { Watch } from './watch.js';

/** Limits that each statement of a run is put under, in milliseconds. */
export interface RunLimits {
  /** How long a statement may wait for a lock. */
  readonly lockTimeoutMs: number;
  /** How long a statement may run; 0 is without limit. */
  readonly statementTimeoutMs: number;
  /** How long a migration that met a lock time-out is tried again. */
  readonly retryForMs: number;
}

/** What the execution of one migration needs to know of the run it is part of. */
export interface RunContext {
  readonly connection: RunConnection;
  readonly scope: LedgerScope;
  readonly lease: Lease;
  readonly run: RunRecord;
  readonly limits: RunLimits;
  readonly watch: Watch;
  readonly telemetry: RunTelemetry;
  /** Told of the migration that is under way. */
  readonly observer: MigrationObserver;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal | undefined;
  /** The search path that scripts run with, where it is not the session's own. */
  readonly searchPath: string | undefined;
  /** The scripts that have kept data which is still there, as `up 12`; scripts of this run are added. */
  readonly kept: Set<string>;
  /** How long data that this run keeps is kept for certain. */
  readonly keptDays: number;
  /** The classes of the project's columns, which kept data keeps. */
  readonly classification: (() => DataClassification) | undefined;
  /** Whether the run's own row is in the ledger yet: it is written with the first change. */
  readonly progress: { runRecorded: boolean };
}

/** How one statement went. */
export interface StatementOutcome {
  readonly index: number;
  /** The command tag, e.g. `CREATE TABLE`. */
  readonly tag: string;
  readonly durationMs: number;
  /** Rows returned or changed, where the command counts them. */
  readonly rows: number | undefined;
}

/** How the script of one migration went. */
export interface ScriptOutcome {
  readonly statements: readonly StatementOutcome[];
  readonly durationMs: number;
  /** How often it was tried again after a lock time-out, a deadlock or a serialization failure. */
  readonly retries: number;
  readonly lockWaitMs: number;
  /** Notices and warnings of the server, in order. */
  readonly notices: readonly string[];
  /** What was kept of that which its statements have destroyed. */
  readonly kept?: readonly KeptOutcome[];
  /** What became of that which the opposite script had kept. */
  readonly restored?: readonly RestoredOutcome[];
}

/** What was kept of one relation. */
export interface KeptOutcome {
  readonly id: number;
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
}

/** What became of one thing that was kept. */
export interface RestoredOutcome {
  readonly id: number;
  readonly kind: string;
  readonly schema: string;
  readonly name: string;
  readonly placed: number;
  /** Rows that could not be placed and stay kept. */
  readonly unplaced: number;
  readonly reason?: string;
}
