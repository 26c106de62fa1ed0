/**
 * What happens in a run, as events for a log that machines read. Each event has a name of the list below and
 * fields of the other list, so that a line never holds free text, SQL, secrets or row data by accident.
 */
import type { Described } from './described.js';
import { loadedOpenTelemetry } from './open-telemetry.js';
import { isRehearsal } from './rehearsal.js';

export const LOG_EVENTS = {
  'run.started': { means: 'A run begins; it may still have to wait for another one.' },
  'run.waiting': { means: 'Another run holds the lock of the target.' },
  'run.finished': { means: 'The run is over, and succeeded.' },
  'run.failed': { means: 'The run ended with an error. What was applied before stays applied.' },
  'migration.resumed': {
    means: 'An earlier run was interrupted in this migration; this one goes on with it.',
  },
  'migration.retried': { means: 'Others held locks that the migration needs; it is tried again.' },
  'migration.finished': { means: 'A migration was applied or taken back.' },
  'migration.failed': { means: 'A migration failed.' },
  'usage.mismatch': { means: 'A reconciliation has found rollups that differ from their source.' },
  'budget.mismatch': { means: 'Budgets have counted something else than what usage has cost.' },
  'usage.imported': { means: 'A file of usage events was imported.' },
  'upkeep.step': { means: 'A step of upkeep was done, or failed.' },
  'drift.checked': { means: 'A live schema was compared with what its applied migrations make.' },
  'health.checked': { means: 'The health of a target was looked at.' },
  'health.serving': { means: 'The health endpoint listens.' },
  'health.stopped': { means: 'The health endpoint was told to stop, and has.' },
  'telemetry.not_sent': { means: 'Spans or metrics could not be sent; told once.' },
  'telemetry.file_not_written': { means: 'The Prometheus file could not be written; told once.' },
  'command.failed': { means: 'The command ends with an error.' },
} as const satisfies Readonly<Record<string, Described>>;

export const LOG_FIELDS = {
  time: { means: 'When, in UTC, ISO 8601 with milliseconds.' },
  level: { means: '`info`, `warn` or `error`.' },
  event: { means: 'What happened: see the events below.' },
  run_id: { means: 'The id of the run in the ledger.' },
  action: { means: 'What the run does.' },
  target: { means: 'The target.' },
  member: { means: 'Which database or schema of a fleet.' },
  step: { means: 'The step of upkeep.' },
  done: { means: 'How many partitions, reservations, buckets or days it has seen to.' },
  version: { means: 'The version of the migration, or the one that the target ended at.' },
  direction: { means: '`up` or `down`.' },
  migrations: { means: 'How many migrations.' },
  statements: { means: 'How many statements.' },
  statement: { means: 'Which statement of the script, from 1.' },
  rows: { means: 'How many rows or events.' },
  inserted: { means: 'How many of them were new.' },
  pending: { means: 'How many migrations are pending.' },
  retries: { means: 'How many tries were given up before.' },
  lock_wait_ms: { means: 'Milliseconds seen waiting for locks.' },
  blockers: { means: 'How many sessions were seen in the way.' },
  duration_ms: { means: 'How long it took, in milliseconds.' },
  status: { means: '`ok`, `degraded` or `failing`; of drift `none`, `drifted` or `unknown`.' },
  differences: { means: 'How many objects differ.' },
  reasons: { means: 'The codes of what is wrong.' },
  port: { means: 'The port that is listened on.' },
  holder: { means: 'Who holds the lock: operating-system user@host (process).' },
  error_code: { means: 'The code of the error: docs/errors.md.' },
  sqlstate: { means: 'The SQLSTATE of the server.' },
  file: { means: 'The file that an error speaks of.' },
  line: { means: 'The line in that file.' },
  exit_code: { means: 'The exit code of the command.' },
  message: { means: 'A sentence of Plinth’s own; left out where it could repeat values of the user’s.' },
  trace_id: { means: 'The trace, where one is recorded.' },
  span_id: { means: 'The span, where one is recorded.' },
} as const satisfies Readonly<Record<string, Described>>;

export type LogEventName = keyof typeof LOG_EVENTS;
export type LogLevel = 'info' | 'warn' | 'error';
type LogValue = string | number | boolean | readonly string[];
export type LogFields = {
  readonly [Name in Exclude<keyof typeof LOG_FIELDS, 'time' | 'level' | 'event' | 'trace_id' | 'span_id'>]?:
    | LogValue
    | undefined;
};

/** One line of a log, its fields in the order of `LOG_FIELDS`. */
export interface LogRecord extends LogFields {
  readonly time: string;
  readonly level: LogLevel;
  readonly event: LogEventName;
  readonly trace_id?: string;
  readonly span_id?: string;
}

type LogListener = (record: LogRecord) => void;

const listeners = new Set<LogListener>();

/** Calls `listener` for each event of this process; returns what removes it. */
export function onLog(listener: LogListener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tells the listeners of an event. Costs nothing where there are none. */
export function log(level: LogLevel, event: LogEventName, fields: LogFields): void {
  if (listeners.size === 0 || isRehearsal()) {
    return;
  }
  const given: Record<string, unknown> = {
    time: new Date().toISOString(),
    level,
    event,
    ...fields,
    ...activeSpanIds(),
  };
  const names = Object.keys(LOG_FIELDS).filter((name) => given[name] !== undefined);
  const record = Object.fromEntries(names.map((name) => [name, given[name]])) as unknown as LogRecord;
  for (const listener of listeners) {
    listener(record);
  }
}

function activeSpanIds(): { readonly trace_id?: string; readonly span_id?: string } {
  const api = loadedOpenTelemetry();
  const span = api?.trace.getActiveSpan()?.spanContext();
  return api && span && api.isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
