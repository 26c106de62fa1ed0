/** A migration as telemetry tells it: a span with one below it for each statement, metrics and log lines. */
import { sqlstateOf } from '../../database/index.js';
import { maskLiterals } from '../../sql/index.js';
import {
  type Attributes,
  count,
  errorCodeOf,
  inSpan,
  log,
  NO_SPAN,
  observe,
  type RunningSpan,
} from '../../telemetry/index.js';
import type { RunContext, ScriptOutcome } from './context.js';
import type { RunTelemetry } from './observed-run.js';
import type { EndedStatement, EndedTry, MigrationObserver } from './observer.js';

export interface ObservedMigration {
  readonly version: string;
  readonly name: string;
  readonly direction: 'up' | 'down';
  readonly resumed: unknown;
}

/** Runs `work` with a context that tells what happens in the migration. */
export async function observeMigration<T extends ScriptOutcome>(
  context: RunContext,
  migration: ObservedMigration,
  work: (observed: RunContext) => Promise<T>,
): Promise<T> {
  const { telemetry } = context;
  const attributes = attributesOf(telemetry, migration);
  if (migration.resumed !== undefined) {
    log('info', 'migration.resumed', fieldsOf(telemetry, migration));
  }
  const observed = async (span: RunningSpan): Promise<T> => {
    const seen = startTally();
    const observer = tellingObserver(telemetry, migration, span, seen);
    const startedMs = performance.now();
    let failure: unknown;
    let durationMs: number | undefined;
    try {
      const outcome = await work({ ...context, observer });
      durationMs = outcome.durationMs;
      noteKept(seen, outcome);
      return outcome;
    } catch (error) {
      failure = error ?? 'INTERNAL';
      observer.tryEnded({ sqlstate: undefined, ...context.watch.lastSeen() });
      throw error;
    } finally {
      span.setAttributes(tallyAttributes(seen));
      recordMigration(telemetry, migration, seen, durationMs ?? performance.now() - startedMs, failure);
    }
  };
  return telemetry.takeSpan()
    ? inSpan(`plinth.migration ${migration.direction}`, attributes, observed)
    : observed(NO_SPAN);
}

interface Tally {
  statements: number;
  rows: number;
  retries: number;
  lockWaitMs: number;
  keptRows: number;
  keptBytes: number;
  restoredRows: number;
  unplacedRows: number;
  readonly blockers: Set<number>;
}

function startTally(): Tally {
  return {
    statements: 0,
    rows: 0,
    retries: 0,
    lockWaitMs: 0,
    keptRows: 0,
    keptBytes: 0,
    restoredRows: 0,
    unplacedRows: 0,
    blockers: new Set(),
  };
}

function tellingObserver(
  telemetry: RunTelemetry,
  migration: ObservedMigration,
  span: RunningSpan,
  tally: Tally,
): MigrationObserver {
  return {
    wantsTimes: () => span.isRecording && telemetry.spansLeft() > 0,
    statementEnded: (ended) => {
      tally.statements += 1;
      tally.rows += ended.rows ?? 0;
      if (span.isRecording && telemetry.takeSpan()) {
        span.addChild({
          name: ended.statement.tag,
          startedMs: ended.startedMs,
          endedMs: ended.endedMs,
          attributes: statementAttributes(telemetry, ended),
        });
      }
    },
    tryEnded: (ended) => {
      noteTry(tally, ended);
      if (ended.sqlstate !== undefined) {
        tally.retries += 1;
        count('plinth.migration.retries', 1, {
          'plinth.target': telemetry.target,
          'db.response.status_code': ended.sqlstate,
        });
        log('warn', 'migration.retried', {
          ...fieldsOf(telemetry, migration),
          retries: tally.retries,
          lock_wait_ms: tally.lockWaitMs,
          blockers: tally.blockers.size,
          sqlstate: ended.sqlstate,
        });
      }
    },
  };
}

function noteKept(tally: Tally, { kept = [], restored = [] }: ScriptOutcome): void {
  for (const { rows, bytes } of kept) {
    tally.keptRows += rows;
    tally.keptBytes += bytes;
  }
  for (const { placed, unplaced } of restored) {
    tally.restoredRows += placed;
    tally.unplacedRows += unplaced;
  }
}

function noteTry(tally: Tally, { lockWaitMs, blockers }: EndedTry): void {
  tally.lockWaitMs += lockWaitMs;
  for (const { processId } of blockers) {
    tally.blockers.add(processId);
  }
}

/** The longest text of a statement that a span carries, in characters. */
const LONGEST_TEXT = 2_000;

function statementAttributes(telemetry: RunTelemetry, ended: EndedStatement): Attributes {
  const { statement, rows, failure } = ended;
  const text = maskLiterals(statement.text).trim();
  const sqlstate = failure === undefined ? undefined : sqlstateOf(failure);
  return {
    ...telemetry.server,
    'db.operation.name': statement.tag,
    'db.query.text': text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text,
    [RETURNS_ROWS.test(statement.tag) ? 'db.response.returned_rows' : 'plinth.rows']: rows,
    'db.response.status_code': sqlstate,
    'error.type': failure === undefined ? undefined : (sqlstate ?? errorCodeOf(failure)),
    'plinth.statement': statement.index + 1,
  };
}

const RETURNS_ROWS = /^(SELECT|SHOW|EXPLAIN|FETCH|VALUES|TABLE)\b/;

function attributesOf(telemetry: RunTelemetry, migration: ObservedMigration): Attributes {
  return {
    'plinth.target': telemetry.target,
    'plinth.run_id': telemetry.runId,
    'plinth.migration.version': migration.version,
    'plinth.migration.name': migration.name,
    'plinth.migration.direction': migration.direction,
    'plinth.migration.resumed': migration.resumed !== undefined,
  };
}

function tallyAttributes(tally: Tally): Attributes {
  const { statements, rows, retries, lockWaitMs, blockers } = tally;
  return {
    ...(tally.keptBytes > 0
      ? { 'plinth.kept.rows': tally.keptRows, 'plinth.kept.bytes': tally.keptBytes }
      : {}),
    ...(tally.restoredRows + tally.unplacedRows > 0
      ? { 'plinth.kept.restored': tally.restoredRows, 'plinth.kept.unplaced': tally.unplacedRows }
      : {}),
    'plinth.statements': statements,
    'plinth.rows': rows,
    'plinth.retries': retries,
    'plinth.lock_wait_ms': lockWaitMs,
    'plinth.blockers': blockers.size,
  };
}

function fieldsOf(telemetry: RunTelemetry, { version, direction }: ObservedMigration) {
  return { run_id: telemetry.runId, target: telemetry.target, version, direction };
}

function recordMigration(
  telemetry: RunTelemetry,
  migration: ObservedMigration,
  tally: Tally,
  durationMs: number,
  failure: unknown,
): void {
  const code = failure === undefined ? undefined : errorCodeOf(failure);
  const attributes = {
    'plinth.target': telemetry.target,
    'plinth.migration.direction': migration.direction,
  };
  observe('plinth.migration.duration', durationMs / 1000, { ...attributes, 'error.type': code });
  observe('plinth.migration.lock_wait', tally.lockWaitMs / 1000, attributes);
  count('plinth.migration.statements', tally.statements, attributes);
  count('plinth.migration.rows', tally.rows, attributes);
  if (tally.keptBytes > 0) {
    count('plinth.migration.kept_rows', tally.keptRows, attributes);
    count('plinth.migration.kept_bytes', tally.keptBytes, attributes);
  }
  if (tally.unplacedRows > 0) {
    count('plinth.migration.unplaced_rows', tally.unplacedRows, attributes);
  }
  if (code === undefined) {
    telemetry.migrationDone(migration);
  } else {
    count('plinth.migration.failures', 1, { ...attributes, 'error.type': code });
  }
  log(code ? 'error' : 'info', code ? 'migration.failed' : 'migration.finished', {
    ...fieldsOf(telemetry, migration),
    statements: tally.statements,
    rows: tally.rows,
    retries: tally.retries,
    lock_wait_ms: tally.lockWaitMs,
    duration_ms: Math.round(durationMs),
    error_code: code,
    sqlstate: sqlstateInside(failure),
  });
}

/** The SQLSTATE behind an error, whichever layer wrapped it. */
function sqlstateInside(failure: unknown): string | undefined {
  const details = (failure as { details?: { sqlstate?: unknown } } | null | undefined)?.details;
  return typeof details?.sqlstate === 'string' ? details.sqlstate : undefined;
}
