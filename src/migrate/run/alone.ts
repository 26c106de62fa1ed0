/**
 * Runs one statement that no transaction can hold, and puts right what an interrupted try left behind.
 *
 * The statement carries the run's id in a comment, so that a later run sees in `pg_stat_activity` whether the
 * server is still at work on it for a client that is gone.
 */
import type { Session } from '../../database/index.js';
import type { StartedStatement } from '../ledger/ledger.js';
import type { RunContext, StatementOutcome } from './context.js';
import { PartFailure } from './message.js';
import { isPassing } from './retry.js';
import type { ScriptStatement } from './script.js';
import { dropFailedBuild, runMarker, settleUnfinished, tracesBefore, whileRunning } from './unfinished.js';

export interface AloneWork {
  /** How progress calls it. */
  readonly label: string;
  readonly statement: ScriptStatement;
  /** What earlier statements of the script set for the session. */
  readonly settings: readonly string[];
  /** Set when this statement was started before and may or may not have finished. */
  readonly started: StartedStatement | undefined;
  /** Writes down that the statement is about to start. */
  readonly writeStart: (started: StartedStatement) => Promise<void>;
}

/** @throws PartFailure when the server refuses the statement */
export async function runAlone(context: RunContext, work: AloneWork): Promise<StatementOutcome> {
  const { statement } = work;
  const { connection, lease, run } = context;
  const outcome = { index: statement.index, tag: statement.tag, rows: undefined };
  try {
    await connection.session.run(lease.holdSql());
    await enter(context, work);
    let { started } = work;
    if (started) {
      await whileRunning(connection.session, started.runId, context);
    } else {
      const before = await tracesBefore(connection.session, statement);
      started = { index: statement.index, runId: run.id, before };
      await work.writeStart(started);
      await enter(context, work);
    }
    const { session } = connection;
    if (
      (await settleUnfinished(session, statement, started, work.started !== undefined, context)) === 'done'
    ) {
      return { ...outcome, durationMs: 0 };
    }
    return { ...outcome, durationMs: await runMarked(context, session, work, started) };
  } catch (cause) {
    throw cause instanceof PartFailure ? cause : new PartFailure(cause, undefined, undefined);
  } finally {
    if (connection.session.isOpen) {
      await connection.restoreSettings().catch(() => {});
    }
  }
}

/** @returns how long it took, in milliseconds */
async function runMarked(
  context: RunContext,
  session: Session,
  { label, statement }: AloneWork,
  started: StartedStatement,
): Promise<number> {
  const marker = `${runMarker(context.run.id)} `;
  const startedMs = performance.now();
  const tell = (failure?: unknown): number => {
    const endedMs = performance.now();
    context.observer.statementEnded({ statement, startedMs, endedMs, rows: undefined, failure });
    return endedMs - startedMs;
  };
  try {
    await context.watch.during(session, label, () => session.run(`${marker}${statement.text}`));
    return tell();
  } catch (cause) {
    tell(cause);
    // Dropping an index waits as building it did: who is told to stop leaves that to the next run.
    if (!isPassing(cause) && session.isOpen && !context.signal?.aborted) {
      await dropFailedBuild(session, statement, started, context).catch(() => {});
    }
    const position = positionOf(cause);
    const within = position === undefined ? undefined : position - marker.length;
    throw new PartFailure(cause, { sql: statement.text, statement }, within);
  }
}

/**
 * Sets, for the session, the limits that no transaction can carry here, and what the script has set. Work that
 * PostgreSQL does concurrently waits for old transactions without blocking anybody, so it may wait as long as a
 * retry would. Behind a pooling proxy a setting would land on other clients' sessions: there the server's own
 * limits hold.
 */
async function enter(context: RunContext, { statement, settings }: AloneWork): Promise<void> {
  const { session } = context.connection;
  if (!session.isDirect) {
    return;
  }
  const { statementTimeoutMs, retryForMs, lockTimeoutMs } = context.limits;
  const lockWaitMs = statement.concurrent ? Math.max(lockTimeoutMs, retryForMs) : lockTimeoutMs;
  await session.run(
    [
      `set lock_timeout = ${lockWaitMs}`,
      `set statement_timeout = ${statementTimeoutMs}`,
      ...(context.searchPath === undefined ? [] : [`set search_path = ${context.searchPath}`]),
      ...settings,
    ].join('\n;\n'),
  );
}

function positionOf(cause: unknown): number | undefined {
  const details = (cause as { details?: { position?: unknown } } | null)?.details;
  return typeof details?.position === 'number' ? details.position : undefined;
}
