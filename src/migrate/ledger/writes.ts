/**
 * The ledger's changes as SQL text. They are sent in one message with the statements that they record, inside
 * the same transaction, so that a migration costs one round trip and its record cannot part from it.
 */
import { quoteLiteral } from '../../sql/index.js';
import type { LedgerScope, StartedStatement } from './ledger.js';

/** A migration's scripts with their digests. */
export interface RecordedScripts {
  readonly upText: string;
  readonly upBytes: string;
  readonly upMeaning: string;
  readonly downText: string | undefined;
  readonly downBytes: string | undefined;
  readonly downMeaning: string | undefined;
}

export interface MigrationRecord {
  readonly version: string;
  readonly name: string;
  readonly kind: 'versioned' | 'repeatable' | 'baseline';
  readonly scripts: RecordedScripts;
  /** When it was applied, where another tool did it; otherwise the server's time. */
  readonly appliedAt?: Date;
}

/** How a run introduces itself. */
export interface RunRecord {
  readonly id: string;
  readonly action: 'apply' | 'rollback' | 'baseline' | 'adopt' | 'repair';
  readonly client: string;
  readonly build: string;
  readonly source: string;
}

/** A change of the ledger, and an SQL condition that is true once it has been committed. */
export interface LedgerRecord {
  readonly sql: readonly string[];
  readonly proof: string;
}

/** Milliseconds, or what the server is to measure: from the transaction's start, or from `applied_at`. */
export type Duration = number | 'since transaction start' | 'since applied_at' | undefined;

export type RunEvent =
  | 'applied'
  | 'rolled-back'
  | 'failed'
  | 'baselined'
  | 'adopted'
  | 'repaired'
  | 'resumed'
  | 'kept'
  | 'restored';

export function insertRun(scope: LedgerScope, run: RunRecord): string {
  return insert('plinth.runs', {
    id: run.id,
    target: scope.target,
    scope: scope.scope,
    action: run.action,
    client: run.client,
    build: run.build,
    source: run.source,
  });
}

export function insertEvent(
  runId: string,
  event: RunEvent,
  version: string | undefined,
  durationMs: Duration,
  details: Readonly<Record<string, unknown>> = {},
): string {
  return insert('plinth.run_events', {
    run_id: runId,
    event,
    version,
    duration_ms: duration(durationMs),
    details: JSON.stringify(details),
  });
}

/**
 * The row of a migration that is applied, or is about to be. One that is there already (a repeatable that
 * changed, a baseline taken again) is replaced.
 */
export function upsertMigration(
  scope: LedgerScope,
  record: MigrationRecord,
  state: 'applied' | 'applying',
  runId: string,
  durationMs: Duration,
): string {
  const { scripts } = record;
  const row = {
    target: scope.target,
    scope: scope.scope,
    version: record.version,
    name: record.name,
    kind: record.kind,
    state,
    up_text: scripts.upText,
    up_bytes: scripts.upBytes,
    up_meaning: scripts.upMeaning,
    down_text: scripts.downText,
    down_bytes: scripts.downBytes,
    down_meaning: scripts.downMeaning,
    run_id: runId,
    duration_ms: duration(durationMs),
    ...(record.appliedAt ? { applied_at: record.appliedAt.toISOString() } : {}),
  };
  const reset = ['applied_at', 'statements_done', 'statement_started'];
  const replaced = new Set([...Object.keys(row).slice(3), ...reset]);
  return `${insert('plinth.migrations', row)}
    on conflict (target, scope, version) do update set ${[...replaced].map((name) => `${name} = excluded.${name}`).join(', ')}`;
}

export function deleteMigration(scope: LedgerScope, version: string): string {
  return `delete from plinth.migrations where ${keyIs(scope, version)}`;
}

export interface ProgressChange {
  readonly state?: 'applied' | 'applying' | 'rolling-back';
  readonly statementsDone?: number;
  readonly statementStarted?: StartedStatement | null;
  readonly durationMs?: Duration;
  readonly runId?: string;
  readonly scripts?: RecordedScripts;
}

/** Records how far a migration has come that cannot be done in one transaction. */
export function updateProgress(scope: LedgerScope, version: string, change: ProgressChange): string {
  const columns: Readonly<Record<string, SqlValue>> = {
    ...(change.state ? { state: change.state } : {}),
    ...(change.statementsDone === undefined ? {} : { statements_done: change.statementsDone }),
    ...(change.statementStarted === undefined
      ? {}
      : { statement_started: change.statementStarted ? JSON.stringify(change.statementStarted) : undefined }),
    ...(change.durationMs === undefined ? {} : { duration_ms: duration(change.durationMs) }),
    ...(change.runId ? { run_id: change.runId } : {}),
    ...(change.scripts
      ? {
          up_text: change.scripts.upText,
          up_bytes: change.scripts.upBytes,
          up_meaning: change.scripts.upMeaning,
          down_text: change.scripts.downText,
          down_bytes: change.scripts.downBytes,
          down_meaning: change.scripts.downMeaning,
        }
      : {}),
  };
  const assignments = Object.entries(columns).map(([name, value]) => `${name} = ${literal(value)}`);
  const applied = change.state === 'applied' ? ', applied_at = clock_timestamp()' : '';
  return `update plinth.migrations set ${assignments.join(', ')}${applied} where ${keyIs(scope, version)}`;
}

/** True once the migration's row says all of this. */
export function rowMatches(
  scope: LedgerScope,
  version: string,
  row: { readonly runId?: string; readonly statementsDone?: number; readonly startedIndex?: number },
): string {
  const conditions = [
    keyIs(scope, version),
    ...(row.runId ? [`run_id = ${literal(row.runId)}`] : []),
    ...(row.statementsDone === undefined ? [] : [`statements_done >= ${row.statementsDone}`]),
    ...(row.startedIndex === undefined
      ? []
      : [`(statement_started ->> 'index')::integer = ${row.startedIndex}`]),
  ];
  return `exists (select from plinth.migrations where ${conditions.join(' and ')})`;
}

/** True once the run's log has the event. */
export function eventExists(runId: string, event: RunEvent, version: string): string {
  return `exists (select from plinth.run_events where run_id = ${literal(runId)} and event = ${literal(event)} and version = ${literal(version)})`;
}

/** SQL that is sent as it is, not quoted. */
interface RawSql {
  readonly sql: string;
}

type SqlValue = string | number | RawSql | undefined;

function duration(value: Duration): SqlValue {
  if (typeof value !== 'string') {
    return value === undefined ? undefined : Math.round(value);
  }
  const start = value === 'since applied_at' ? 'applied_at' : 'transaction_timestamp()';
  return { sql: `round(extract(epoch from clock_timestamp() - ${start}) * 1000)::bigint` };
}

function insert(table: string, row: Readonly<Record<string, SqlValue>>): string {
  return `insert into ${table} (${Object.keys(row).join(', ')}) values (${Object.values(row).map(literal).join(', ')})`;
}

function keyIs(scope: LedgerScope, version: string): string {
  return `target = ${literal(scope.target)} and scope = ${literal(scope.scope)} and version = ${literal(version)}`;
}

function literal(value: SqlValue): string {
  switch (typeof value) {
    case 'undefined':
      return 'null';
    case 'number':
      return String(value);
    case 'string':
      return quoteLiteral(value);
    default:
      return value.sql;
  }
}
