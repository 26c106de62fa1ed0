/**
 * One transaction of a migration: the lease renewed, the statements, the ledger's record of them, the commit.
 * Whether a commit whose answer was lost took effect is looked up in the ledger, never guessed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isPlinthError } from '../../core/index.js';
import { type Session, sqlstateOf } from '../../database/index.js';
import { insertRun, type LedgerRecord } from '../ledger/writes.js';
import { holdLock } from '../lock.js';
import type { RunContext, StatementOutcome } from './context.js';
import { type Part, PartFailure, sendMessage } from './message.js';
import { type Script, type ScriptStatement, sessionSettingsBefore } from './script.js';

export interface TransactionWork {
  /** How progress calls it. */
  readonly label: string;
  /** `begin`, with the file's own options where it has some. */
  readonly begin: string;
  readonly statements: readonly ScriptStatement[];
  readonly script: Script;
  /** What the ledger says of this transaction, and how to see whether it says so. */
  readonly record: LedgerRecord;
}

/** @throws PartFailure, with the part of the message that failed */
export async function runTransaction(
  context: RunContext,
  work: TransactionWork,
): Promise<StatementOutcome[]> {
  const { connection } = context;
  const outcomes: StatementOutcome[] = [];
  try {
    for (const message of messagesOf(context, work)) {
      outcomes.push(...(await message(connection.session)));
    }
  } catch (failure) {
    if (!isConnectionLost(failure)) {
      await connection.session.run('rollback').catch(() => {});
      throw failure;
    }
    if (!(await tookEffect(context, work))) {
      throw failure;
    }
  }
  context.progress.runRecorded = true;
  return outcomes;
}

type Message = (session: Session) => Promise<StatementOutcome[]>;

/** One message, or several around each `copy … from stdin` whose rows stand in the script. */
function messagesOf(context: RunContext, work: TransactionWork): Message[] {
  const messages: Message[] = [];
  const first = work.statements[0]?.index ?? 0;
  const head = [...headOf(context, work.begin), ...sessionSettingsBefore(work.script, first)];
  let parts: Part[] = head.map((sql) => ({ sql }));
  const send =
    (batch: readonly Part[]): Message =>
    async (session) => {
      const { result } = await context.watch.during(session, work.label, () => sendMessage(session, batch));
      return result.flatMap(({ part, durationMs, rows }) =>
        part.statement ? [{ index: part.statement.index, tag: part.statement.tag, durationMs, rows }] : [],
      );
    };
  for (const statement of work.statements) {
    if (statement.copyData) {
      messages.push(send(parts), copy(statement, work.script));
      parts = [];
    } else {
      parts.push({ sql: statement.text, statement });
    }
  }
  const restore = work.script.changesSession ? ['reset session authorization', 'reset role'] : [];
  messages.push(send([...parts, ...[...restore, ...work.record.sql, 'commit'].map((sql) => ({ sql }))]));
  return messages;
}

function headOf(context: RunContext, begin: string): string[] {
  const { limits, searchPath } = context;
  return [
    begin,
    `set local lock_timeout = ${limits.lockTimeoutMs}`,
    `set local statement_timeout = ${limits.statementTimeoutMs}`,
    ...(searchPath === undefined ? [] : [`set local search_path = ${searchPath}`]),
    holdLock(context.scope, context.run.id),
    ...(context.progress.runRecorded ? [] : [insertRun(context.scope, context.run)]),
  ];
}

function copy(statement: ScriptStatement, script: Script): Message {
  return async (session) => {
    const startedMs = performance.now();
    try {
      const { start, end } = statement.copyData!;
      const rows = await session.copyIn(statement.text, [script.text.slice(start, end)]);
      return [{ index: statement.index, tag: 'COPY', durationMs: performance.now() - startedMs, rows }];
    } catch (cause) {
      throw new PartFailure(cause, { sql: statement.text, statement }, undefined);
    }
  };
}

export function isConnectionLost(failure: unknown): boolean {
  const cause = failure instanceof PartFailure ? failure.cause : failure;
  return isPlinthError(cause, 'DATABASE_CONNECTION_LOST');
}

/**
 * After a lost connection: waits until the old transaction has ended, which the row of the lock shows, since
 * the transaction holds it; then looks whether its record is there.
 */
async function tookEffect(context: RunContext, work: TransactionWork): Promise<boolean> {
  const session = await context.connection.reconnect();
  for (;;) {
    try {
      await session.transaction(() =>
        session.query('select owner from plinth.locks where target = $1 and scope = $2 for update nowait', [
          context.scope.target,
          context.scope.scope,
        ]),
      );
      const [row] = await session.query<{ recorded: boolean }>(`select ${work.record.proof} as recorded`);
      return row?.recorded === true;
    } catch (error) {
      if (sqlstateOf(error) !== '55P03') {
        throw error;
      }
      await sleep(100);
    }
  }
}
