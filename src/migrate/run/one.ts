/** One migration from its files, or from the ledger's texts, through the engine; its failure in words. */
import { parseDuration } from '../../config/index.js';
import { isPlinthError } from '../../core/index.js';
import { failureOf, LOCK_NOT_AVAILABLE, sqlstateOf } from '../../database/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import { type LedgerEntry, readLedger } from '../ledger/ledger.js';
import { labelOf } from '../migration.js';
import type { MigrationOutcome } from '../report.js';
import type { RunContext, ScriptOutcome } from './context.js';
import { execute, type FailedTry } from './execute.js';
import { PartFailure, sourceOf } from './message.js';
import { observeMigration } from './observed-migration.js';
import { type Preparable, type Prepared, prepare } from './prepare.js';
import type { Script } from './script.js';

/** Everything needed to take one migration up or down. */
export interface Task extends Preparable {
  readonly version: string;
  readonly name: string;
  readonly kind: 'versioned' | 'repeatable' | 'baseline';
  readonly resumed: LedgerEntry | undefined;
  /** What the ledger's event of the migration is to hold: the approvals that it ran with. */
  readonly eventDetails?: Readonly<Record<string, unknown>>;
}

export interface OneOptions {
  /** Its script, where that has been parsed ahead. */
  readonly prepared?: Promise<Prepared>;
  /** A try that was made already, in a message with other migrations. */
  readonly firstTry?: FailedTry | undefined;
}

/**
 * Runs it, with progress, telemetry, and limits from its directives.
 * @throws MIGRATE_STATEMENT_FAILED, MIGRATE_LOCK_TIMEOUT, MIGRATE_LOCK_LOST, MIGRATE_CANCELLED, MIGRATE_SCRIPT_INVALID
 */
export async function runOne(
  context: RunContext,
  task: Task,
  options: OneOptions = {},
): Promise<MigrationOutcome> {
  const label = labelOf(task);
  const { version, name, direction } = task;
  const outcome = await observeMigration(context, task, (observed) =>
    runScript(observed, task, label, new Set(), options),
  );
  return { version, name, direction, resumed: task.resumed !== undefined, ...outcome };
}

/** Runs the script; a statement that turns out to refuse a transaction is taken out of it, and all begins anew. */
async function runScript(
  context: RunContext,
  task: Task,
  label: string,
  refusedInTransaction: ReadonlySet<number>,
  { prepared, firstTry }: OneOptions,
): Promise<ScriptOutcome> {
  const ready = await (prepared ?? prepare(task, refusedInTransaction));
  const { script } = ready;
  const { version, name, kind } = task;
  try {
    return await execute(withDirectives(context, script), {
      direction: task.direction,
      record: {
        version,
        name,
        kind,
        get scripts() {
          return ready.scripts;
        },
      },
      script,
      label,
      resumed: task.resumed,
      eventDetails: task.eventDetails ?? {},
      firstTry,
    });
  } catch (failure) {
    const index = refusedStatement(failure);
    if (index === undefined || refusedInTransaction.has(index)) {
      throw describeFailure(context, label, script, failure);
    }
    const { connection, scope } = context;
    const entry = (await readLedger(connection.session, scope))?.find(
      ({ version }) => version === task.version,
    );
    const resumed = entry && entry.state !== 'applied' ? entry : undefined;
    const refused = new Set([...refusedInTransaction, index]);
    return runScript(context, { ...task, resumed }, label, refused, {});
  }
}

/** SQLSTATEs for a statement that needs to end transactions itself: a procedure that commits, for one. */
const REFUSES_TRANSACTION = new Set(['25001', '2D000']);

function refusedStatement(failure: unknown): number | undefined {
  if (!(failure instanceof PartFailure) || !REFUSES_TRANSACTION.has(sqlstateOf(failure.cause) ?? '')) {
    return undefined;
  }
  return failure.part?.statement?.index;
}

/** The limits that the script sets for itself: `-- plinth: lock_timeout=10s statement_timeout=2h`. */
function withDirectives(context: RunContext, script: Script): RunContext {
  const settings = script.directives.flatMap((directive) => directive.settings);
  const durationOf = (key: string): number | undefined => {
    const setting = settings.findLast((candidate) => candidate.key === key);
    const milliseconds = setting && parseDuration(setting.value);
    if (setting && milliseconds === undefined) {
      throw MIGRATE_ERRORS.SCRIPT_INVALID({
        message: `Cannot run ${script.file}: ${key}=${setting.value} is not a duration (500ms, 2s, 15min or 1h was wanted)`,
        source: { file: script.file, text: script.text, start: setting.start, end: setting.end },
      });
    }
    return milliseconds;
  };
  const lockTimeoutMs = durationOf('lock_timeout') ?? context.limits.lockTimeoutMs;
  const statementTimeoutMs = durationOf('statement_timeout') ?? context.limits.statementTimeoutMs;
  return { ...context, limits: { ...context.limits, lockTimeoutMs, statementTimeoutMs } };
}

function describeFailure(context: RunContext, label: string, script: Script, failure: unknown): unknown {
  if (context.signal?.aborted) {
    return MIGRATE_ERRORS.CANCELLED({
      message: `Stopped during ${label}: its open transaction was rolled back`,
      cause: failure,
    });
  }
  if (!(failure instanceof PartFailure)) {
    return failure;
  }
  if (!isPlinthError(failure.cause, 'DATABASE_STATEMENT_FAILED', 'DATABASE_CANCELLED')) {
    return failure.cause;
  }
  const sqlstate = sqlstateOf(failure.cause);
  if (sqlstate === 'PL001') {
    return MIGRATE_ERRORS.LOCK_LOST({
      message: `Stopped before ${label}: another run has taken the migration lock over`,
      cause: failure.cause,
    });
  }
  const { statement } = failure.part ?? {};
  const source = statement && sourceOf(script, statement, failure.position);
  const server = failureOf((failure.cause as Error).cause, '');
  const fields = {
    ...(source ? { source } : {}),
    details: {
      migration: label,
      file: script.file,
      sqlstate,
      ...(statement ? { statement: statement.index + 1 } : {}),
    },
    cause: failure.cause,
  };
  if (sqlstate === '42501' && !statement) {
    return MIGRATE_ERRORS.LEDGER_DENIED({
      message: `Cannot record ${label}: ${server.message}`,
      hint: 'Grant the role what it needs on the schema plinth, or run as the role that made it.',
      cause: failure.cause,
    });
  }
  if (sqlstate === LOCK_NOT_AVAILABLE) {
    const { blockers } = context.watch.lastSeen();
    const who = blockers.map(
      (blocker) =>
        `process ${blocker.processId} of ${blocker.databaseUser} (${blocker.applicationName || 'no name'}, ${blocker.state}, transaction ${Math.round(blocker.transactionAgeMs / 1000)} s old: ${blocker.query})`,
    );
    return MIGRATE_ERRORS.LOCK_TIMEOUT({
      ...fields,
      message: `Cannot run ${label}: a lock was not free within ${context.limits.lockTimeoutMs} ms, in tries over ${Math.round(context.limits.retryForMs / 1000)} s${who.length > 0 ? `; it is held by ${who.join(' and ')}` : ''}`,
      details: { ...fields.details, blockers },
    });
  }
  return MIGRATE_ERRORS.STATEMENT_FAILED({
    ...fields,
    message: `Cannot ${statement ? 'run' : 'commit'} ${label}: ${server.message}${sqlstate ? ` (SQLSTATE ${sqlstate})` : ''}`,
    ...(server.hint ? { hint: server.hint } : {}),
  });
}
