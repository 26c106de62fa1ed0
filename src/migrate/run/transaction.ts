/**
 * One transaction of a migration: the lease renewed, the statements, the ledger's record of them, the commit.
 * Whether a commit whose answer was lost took effect is looked up in the ledger, never guessed.
 */
import type { Session } from '../../database/index.js';
import type { Guards } from '../keep/guarded.js';
import { netUnder } from '../keep/net.js';
import { insertRun, type LedgerRecord } from '../ledger/writes.js';
import type { RunContext, StatementOutcome } from './context.js';
import type { Keeping } from './keeping.js';
import { isConnectionLost, tookEffect } from './lost-answer.js';
import { type Part, PartFailure, sendMessage } from './message.js';
import { mayChangeSession, type Script, type ScriptStatement, sessionSettingsBefore } from './script.js';

export interface TransactionWork {
  /** How progress calls it. */
  readonly label: string;
  /** `begin`, with the file's own options where it has some. */
  readonly begin: string;
  readonly statements: readonly ScriptStatement[];
  readonly script: Script;
  /** What the ledger says of this transaction, and how to see whether it says so. */
  readonly record: LedgerRecord;
  /** What goes on around its statements, where they destroy data or data is to be put back. */
  readonly keeping?: Keeping | undefined;
  /** The script says that nothing is to be kept. */
  readonly keepsNothing?: boolean;
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
    if (!(await tookEffect(context, work.record.proof))) {
      throw failure;
    }
  }
  context.progress.runRecorded = true;
  work.keeping?.committed();
  return outcomes;
}

/** All that a transaction sends behind guards, where it has no rows of a `copy … from stdin`. */
export function partsOfTransaction(context: RunContext, work: TransactionWork, guards: Guards): Part[] {
  return [
    { sql: work.begin },
    ...headOf(context, work),
    ...work.statements.flatMap((statement) => [
      ...guards.of(statement).map((sql): Part => ({ sql, isGuard: true })),
      partOf(statement),
    ]),
    ...tailOf(context, work),
  ];
}

type Message = (session: Session) => Promise<StatementOutcome[]>;

/** One message, or several around each `copy … from stdin` whose rows stand in the script. */
function messagesOf(context: RunContext, work: TransactionWork): Message[] {
  const messages: Message[] = [];
  const opening = work.statements.filter(setsTransaction);
  let parts: Part[] = [{ sql: work.begin }, ...opening.map(partOf), ...headOf(context, work)];
  const send =
    (batch: readonly Part[]): Message =>
    async (session) => {
      if (batch.length === 0) {
        return [];
      }
      const { result } = await context.watch.during(session, work.label, () =>
        sendMessage(session, batch, context.observer),
      );
      return result.flatMap(({ part, durationMs, rows }) =>
        part.statement ? [{ index: part.statement.index, tag: part.statement.tag, durationMs, rows }] : [],
      );
    };
  const { keeping } = work;
  const watched =
    (step: (session: Session) => Promise<void>): Message =>
    async (session) => {
      await context.watch.during(session, work.label, () => step(session));
      return [];
    };
  if (keeping) {
    messages.push(send(parts), watched(keeping.begin));
    parts = [];
  }
  for (const statement of work.statements) {
    if (keeping?.concerns(statement) && !opening.includes(statement)) {
      const only = statement.copyData ? copy(context, statement, work.script) : send([partOf(statement)]);
      messages.push(send(parts), (session) => keeping.around(session, statement, () => only(session)));
      parts = [];
    } else if (statement.copyData) {
      messages.push(send(parts), copy(context, statement, work.script));
      parts = [];
    } else if (!opening.includes(statement)) {
      parts.push(partOf(statement));
    }
  }
  if (keeping) {
    messages.push(send(parts), watched(keeping.end));
    parts = [];
  }
  messages.push(send([...parts, ...tailOf(context, work)]));
  return messages;
}

function partOf(statement: ScriptStatement): Part {
  return { sql: statement.text, statement };
}

/** `set transaction …` at the beginning of a transaction: after a query the server would refuse it. */
function setsTransaction(
  { classification: { kind, tag } }: ScriptStatement,
  index: number,
  all: readonly ScriptStatement[],
): boolean {
  return (
    kind === 'transaction' &&
    tag === 'SET' &&
    (index === 0 || setsTransaction(all[index - 1]!, index - 1, all))
  );
}

/** The limits, the lease and the run's row under the run's own role; then what the script has set so far. */
function headOf(context: RunContext, { script, statements }: TransactionWork): Part[] {
  const { limits, searchPath, lease } = context;
  const settings = sessionSettingsBefore(script, statements[0]?.index ?? 0).map(({ text }) => text);
  return [
    ...(script.changesSession ? OWN_ROLE : []),
    `set local lock_timeout = ${limits.lockTimeoutMs}`,
    `set local statement_timeout = ${limits.statementTimeoutMs}`,
    ...(searchPath === undefined ? [] : [`set local search_path = ${searchPath}`]),
    lease.holdSql(),
    ...(context.progress.runRecorded ? [] : [insertRun(context.scope, context.run)]),
    ...settings,
  ].map((sql) => ({ sql }));
}

/** The record, under the run's own role. A proxy's session goes to others next: it is left as it was. */
function tailOf({ connection }: RunContext, work: TransactionWork): Part[] {
  const { isDirect } = connection.session;
  const { script, record } = work;
  return [
    ...(work.keeping || work.keepsNothing ? [] : netUnder(work.statements)),
    ...(work.keeping ? [REPORT_COUNTS] : []),
    ...(mayChangeSession(script) ? OWN_ROLE : []),
    ...(mayChangeSession(script) && !isDirect ? ['reset all'] : []),
    ...record.sql,
    'commit',
  ].map((sql) => ({ sql }));
}

/** What the next transaction of the session has written is told from its own counts only. */
const REPORT_COUNTS = 'select pg_catalog.pg_stat_force_next_flush()';

const OWN_ROLE: readonly string[] = ['reset session authorization', 'reset role'];

function copy(context: RunContext, statement: ScriptStatement, script: Script): Message {
  return async (session) => {
    const startedMs = performance.now();
    const tell = (rows?: number, failure?: unknown): number => {
      const endedMs = performance.now();
      context.observer.statementEnded({ statement, startedMs, endedMs, rows, failure });
      return endedMs - startedMs;
    };
    try {
      const { start, end } = statement.copyData!;
      const rows = await session.copyIn(statement.text, [script.text.slice(start, end)]);
      return [{ index: statement.index, tag: 'COPY', durationMs: tell(rows), rows }];
    } catch (cause) {
      tell(undefined, cause);
      throw new PartFailure(cause, { sql: statement.text, statement }, rowPosition(cause, statement, script));
    }
  };
}

/** Where the row is that COPY refused, from the statement's start. The server tells its line in the data. */
function rowPosition(
  cause: unknown,
  { start, copyData }: ScriptStatement,
  { text }: Script,
): number | undefined {
  const { where } = ((cause as Error).cause ?? {}) as { readonly where?: string };
  const line = Number(/^COPY .*?, \D*(\d+)/.exec(where ?? '')?.[1]);
  let at = copyData!.start;
  for (let passed = 1; passed < line && at > 0; passed += 1) {
    at = text.indexOf('\n', at) + 1;
  }
  return line > 0 && at > 0 && at < copyData!.end ? at - start : undefined;
}
