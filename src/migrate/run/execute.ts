/**
 * Takes one migration up or down. A script that is one transaction is recorded in that transaction: it is
 * wholly there or wholly absent. Any other is recorded segment by segment, and can be resumed at the
 * statement where it stopped.
 */

import { checkAlone } from '../keep/alone.js';
import { keepDirectives } from '../keep/directives.js';
import { keepingFor } from '../keep/keeper.js';
import { type NamedRelation, readNames } from '../keep/names.js';
import { isNetFailure } from '../keep/net.js';
import type { LedgerEntry, StartedStatement } from '../ledger/ledger.js';
import {
  deleteMigration,
  eventExists,
  insertEvent,
  type LedgerRecord,
  type MigrationRecord,
  rowMatches,
  updateProgress,
  upsertMigration,
} from '../ledger/writes.js';
import { runAlone } from './alone.js';
import type { KeptOutcome, RestoredOutcome, RunContext, ScriptOutcome, StatementOutcome } from './context.js';
import type { EndedStatement } from './observer.js';
import { withRetries } from './retry.js';
import {
  type AloneSegment,
  mayChangeSession,
  type Script,
  type Segment,
  segmentEnd,
  segmentsLeft,
  sessionSettingsBefore,
} from './script.js';
import { checkSettingsReach } from './settings-reach.js';
import { runTransaction, type TransactionWork } from './transaction.js';

export interface Execution {
  readonly direction: 'up' | 'down';
  readonly record: MigrationRecord;
  readonly script: Script;
  /** How messages call it. */
  readonly label: string;
  /** The ledger's row, where the migration was under way already. */
  readonly resumed: LedgerEntry | undefined;
  /** What the ledger's event of the migration holds. */
  readonly eventDetails: Readonly<Record<string, unknown>>;
  /** How things were named when the script began, where it is several transactions. */
  readonly startNames?: ReadonlyMap<number, NamedRelation>;
  /** Filled with what was kept and put back. */
  readonly keptData?: { readonly kept: KeptOutcome[]; readonly restored: RestoredOutcome[] };
  /** A try that was made already, in a message with other migrations. */
  readonly firstTry: FailedTry | undefined;
}

/** How a try of a whole migration failed, and what became of its statements until then. */
export interface FailedTry {
  readonly failure: unknown;
  readonly ended: readonly EndedStatement[];
}

/** @throws PartFailure when the server refuses a statement */
export async function execute(context: RunContext, execution: Execution): Promise<ScriptOutcome> {
  const startedMs = performance.now();
  const notices: string[] = [];
  const stopListening = context.connection.onNotice((notice) => {
    notices.push(`${notice.severity}: ${notice.message}`);
  });
  const tally = { retries: 0, lockWaitMs: 0 };
  const keptData: NonNullable<Execution['keptData']> = { kept: [], restored: [] };
  try {
    const statements = isAtomic(execution)
      ? await atomic(context, { ...execution, keptData }, tally)
      : await resumable(context, { ...execution, keptData }, tally);
    return { statements, durationMs: performance.now() - startedMs, notices, ...tally, ...told(keptData) };
  } finally {
    stopListening();
    if (mayChangeSession(execution.script) && context.connection.session.isOpen) {
      await context.connection.restoreSettings().catch(() => {});
    }
  }
}

/** Only what there is: most migrations keep nothing. */
function told({
  kept,
  restored,
}: NonNullable<Execution['keptData']>): Pick<ScriptOutcome, 'kept' | 'restored'> {
  return { ...(kept.length > 0 ? { kept } : {}), ...(restored.length > 0 ? { restored } : {}) };
}

interface Tally {
  retries: number;
  lockWaitMs: number;
}

function isAtomic({ script, resumed }: Execution): boolean {
  return (
    !resumed && script.segments.every(({ kind }) => kind === 'transaction') && script.segments.length <= 1
  );
}

/** The whole migration and its record in one transaction, tried again from the start when locks are busy. */
async function atomic(context: RunContext, execution: Execution, tally: Tally): Promise<StatementOutcome[]> {
  const segment = execution.script.segments[0];
  let { firstTry } = execution;
  return retrying(context, execution, tally, () => {
    if (firstTry) {
      const { failure, ended } = firstTry;
      firstTry = undefined;
      ended.forEach(context.observer.statementEnded);
      throw failure;
    }
    return inTransaction(
      context,
      execution,
      {
        begin: segment?.kind === 'transaction' ? segment.begin : 'begin',
        statements: segment?.kind === 'transaction' ? segment.statements : [],
        record: finished(context, execution),
      },
      { isFirst: true, isLast: true },
    );
  });
}

async function resumable(context: RunContext, task: Execution, tally: Tally): Promise<StatementOutcome[]> {
  const outcomes: StatementOutcome[] = [];
  const execution = { ...task, startNames: await readNames(context.connection.session) };
  const left = segmentsLeft(execution.script, execution.resumed?.statementsDone ?? 0);
  checkSettingsReach(context, execution.script, left);
  const isFirst = execution.resumed === undefined;
  await write(context, execution, begun(context, execution), { isFirst, isLast: false });
  for (const segment of left) {
    const record =
      segment === left.at(-1)
        ? finished(context, execution)
        : progressed(context, execution, segmentEnd(segment));
    outcomes.push(
      ...(segment.kind === 'alone'
        ? await aloneSegment(context, execution, segment, record, tally, segment === left.at(-1))
        : await transactionSegment(context, execution, segment, record, tally, {
            isFirst: false,
            isLast: segment === left.at(-1),
          })),
    );
  }
  if (left.length === 0) {
    await write(context, execution, finished(context, execution), { isFirst: false, isLast: true });
  }
  return outcomes;
}

async function transactionSegment(
  context: RunContext,
  execution: Execution,
  segment: Extract<Segment, { kind: 'transaction' }>,
  record: LedgerRecord,
  tally: Tally,
  place: { readonly isFirst: boolean; readonly isLast: boolean },
): Promise<StatementOutcome[]> {
  const { begin, statements } = segment;
  return retrying(context, execution, tally, () =>
    inTransaction(context, execution, { begin, statements, record }, place),
  );
}

/**
 * Runs statements with what is kept around them. Where the server has found that more was destroyed than their text
 * tells, they run once more, each of them looked after.
 */
async function inTransaction(
  context: RunContext,
  execution: Execution,
  transaction: Pick<TransactionWork, 'begin' | 'statements' | 'record'>,
  place: { readonly isFirst: boolean; readonly isLast: boolean },
): Promise<StatementOutcome[]> {
  const { label, script } = execution;
  const { statements } = transaction;
  const work = { label, script, ...transaction, keepsNothing: keepDirectives(script).off !== undefined };
  try {
    const keeping = keepingFor(context, execution, { statements, ...place });
    return await runTransaction(context, { ...work, keeping });
  } catch (failure) {
    if (!isNetFailure(failure)) {
      throw failure;
    }
    const keeping = keepingFor(context, execution, { statements, ...place }, 'every write');
    return runTransaction(context, { ...work, keeping });
  }
}

/**
 * A statement outside any transaction: written down before it starts, so that a later run knows to look for
 * what it left behind, and again when it is done.
 */
async function aloneSegment(
  context: RunContext,
  execution: Execution,
  { statement }: AloneSegment,
  record: LedgerRecord,
  tally: Tally,
  isLast: boolean,
): Promise<StatementOutcome[]> {
  await checkAlone(context.connection.session, execution.script, statement);
  const resumed = execution.resumed?.statementStarted;
  let started = resumed?.index === statement.index ? resumed : undefined;
  const outcome = await retrying(context, execution, tally, () =>
    runAlone(context, {
      label: execution.label,
      statement,
      settings: sessionSettingsBefore(execution.script, statement.index).map(({ text }) => text),
      started,
      writeStart: async (now) => {
        await write(context, execution, startedAlone(context, execution, now));
        started = now;
      },
    }),
  );
  await write(context, execution, record, { isFirst: false, isLast });
  return [outcome];
}

async function retrying<T>(
  context: RunContext,
  execution: Execution,
  tally: Tally,
  work: () => Promise<T>,
): Promise<T> {
  const { result, retries } = await withRetries(work, {
    forMs: context.limits.retryForMs,
    signal: context.signal,
    // What the try had renewed was rolled back with it.
    beforePause: () => context.lease.renew(context.connection.session),
    onRetry: ({ attempt, pauseMs, sqlstate }) => {
      const seen = context.watch.lastSeen();
      context.observer.tryEnded({ sqlstate, ...seen });
      tally.lockWaitMs += seen.lockWaitMs;
      const [blocker] = seen.blockers;
      const who = blocker ? `, held by server process ${blocker.processId}` : '';
      context.onProgress({
        task: execution.label,
        message: `  ${execution.label}: a lock was not free${who}; try ${attempt + 1} in ${pauseMs} ms`,
      });
    },
  });
  tally.retries += retries;
  const seen = context.watch.lastSeen();
  context.observer.tryEnded({ sqlstate: undefined, ...seen });
  tally.lockWaitMs += seen.lockWaitMs;
  return result;
}

/** Writes to the ledger alone. */
async function write(
  context: RunContext,
  execution: Execution,
  record: LedgerRecord,
  place: { readonly isFirst: boolean; readonly isLast: boolean } = { isFirst: false, isLast: false },
): Promise<void> {
  const { label, script } = execution;
  const keeping = keepingFor(context, execution, { statements: [], ...place });
  await runTransaction(context, { label, script, begin: 'begin', statements: [], record, keeping });
}

/** The migration is under way: a later run goes on with these texts. */
function begun(context: RunContext, { record, resumed, direction }: Execution): LedgerRecord {
  const { scope, run } = context;
  const { version, scripts } = record;
  const isBegun = rowMatches(scope, version, { runId: run.id });
  if (resumed) {
    const details = { statement: resumed.statementsDone };
    return {
      sql: [
        updateProgress(scope, version, { runId: run.id, scripts }),
        insertEvent(run.id, 'resumed', version, undefined, details),
      ],
      proof: isBegun,
    };
  }
  return {
    sql: [
      direction === 'up'
        ? upsertMigration(scope, record, 'applying', run.id, undefined)
        : updateProgress(scope, version, {
            state: 'rolling-back',
            statementsDone: 0,
            runId: run.id,
            scripts,
          }),
    ],
    proof: isBegun,
  };
}

function startedAlone(context: RunContext, { record }: Execution, started: StartedStatement): LedgerRecord {
  return {
    sql: [updateProgress(context.scope, record.version, { statementStarted: started })],
    proof: rowMatches(context.scope, record.version, { startedIndex: started.index }),
  };
}

function progressed(context: RunContext, { record }: Execution, statementsDone: number): LedgerRecord {
  return {
    sql: [updateProgress(context.scope, record.version, { statementsDone, statementStarted: null })],
    proof: rowMatches(context.scope, record.version, { statementsDone }),
  };
}

/** The migration is done: on the way up its row stands as applied, on the way down it is gone. */
function finished(context: RunContext, execution: Execution): LedgerRecord {
  const { record, direction, script, eventDetails } = execution;
  const { scope, run } = context;
  const event = direction === 'up' ? 'applied' : 'rolled-back';
  const row =
    direction === 'down'
      ? deleteMigration(scope, record.version)
      : isAtomic(execution)
        ? upsertMigration(scope, record, 'applied', run.id, 'since transaction start')
        : updateProgress(scope, record.version, {
            state: 'applied',
            statementsDone: script.statements.length,
            statementStarted: null,
            durationMs: 'since applied_at',
          });
  return {
    sql: [row, insertEvent(run.id, event, record.version, 'since transaction start', eventDetails)],
    proof: eventExists(run.id, event, record.version),
  };
}
