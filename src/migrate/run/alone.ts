/** Runs one statement that no transaction can hold, and puts right what an interrupted try left behind. */
import type { StartedStatement } from '../ledger/ledger.js';
import type { RunContext, StatementOutcome } from './context.js';
import { PartFailure } from './message.js';
import type { ScriptStatement } from './script.js';
import { settleUnfinished, tracesBefore } from './unfinished.js';

export interface AloneWork {
  /** How progress calls it. */
  readonly label: string;
  readonly statement: ScriptStatement;
  /** What earlier statements of the script set for the session. */
  readonly settings: readonly string[];
  /** Set when an earlier run started this statement and may or may not have finished it. */
  readonly started: StartedStatement | undefined;
  /** Writes down that the statement is about to start. */
  readonly writeStart: (started: StartedStatement) => Promise<void>;
}

/** @throws PartFailure when the server refuses the statement */
export async function runAlone(context: RunContext, work: AloneWork): Promise<StatementOutcome> {
  const { statement } = work;
  const { connection, watch } = context;
  const outcome = { index: statement.index, tag: statement.tag, rows: undefined };
  const session = connection.session.isOpen ? connection.session : await connection.reconnect();
  const started = work.started ?? { index: statement.index, before: await tracesBefore(session, statement) };
  if (work.started === undefined) {
    await work.writeStart(started);
  }
  if ((await settleUnfinished(session, statement, started, work.started !== undefined, context)) === 'done') {
    return { ...outcome, durationMs: 0 };
  }
  const startedMs = performance.now();
  try {
    await withLimits(context, work.settings, () =>
      watch.during(session, work.label, () => session.run(statement.text)),
    );
  } catch (cause) {
    throw new PartFailure(cause, { sql: statement.text, statement }, positionOf(cause));
  }
  return { ...outcome, durationMs: performance.now() - startedMs };
}

/**
 * Sets the limits for the session, since no transaction can carry them, and takes them back. A concurrent
 * build waits for old transactions without blocking anybody, so it may wait as long as a retry would.
 * Behind a pooling proxy a setting could land on another client's session: there the server's own limits hold.
 */
async function withLimits<T>(
  context: RunContext,
  settings: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const { session } = context.connection;
  if (!session.isDirect) {
    return work();
  }
  const { statementTimeoutMs, retryForMs, lockTimeoutMs } = context.limits;
  await session.run(
    [
      ...settings,
      `set lock_timeout = ${Math.max(lockTimeoutMs, retryForMs)}`,
      `set statement_timeout = ${statementTimeoutMs}`,
    ].join('\n;\n'),
  );
  try {
    return await work();
  } finally {
    if (session.isOpen) {
      await session.run('reset lock_timeout;reset statement_timeout').catch(() => {});
    }
  }
}

function positionOf(cause: unknown): number | undefined {
  const details = (cause as { details?: { position?: unknown } } | null)?.details;
  return typeof details?.position === 'number' ? details.position : undefined;
}
