/**
 * Several plain migrations in one message, each in its own transaction: `begin; …; commit; begin; …; commit`. After
 * an error the server skips the rest of a message, also when a commit fails, so that none follows one that failed.
 *
 * What stopped the message is handed back as the first try of the migration that it struck: that one then goes on
 * alone, is tried again, or fails, as if it had been alone from the start.
 */
import { keepDirectives } from '../keep/directives.js';
import { guardsOf } from '../keep/guarded.js';
import { preparedRecords } from '../ledger/prepared-records.js';
import { labelOf } from '../migration.js';
import type { MigrationOutcome } from '../report.js';
import type { RunContext } from './context.js';
import type { FailedTry } from './execute.js';
import { countCommitted, isConnectionLost } from './lost-answer.js';
import { type Part, type PartFailure, sendMessage } from './message.js';
import { observeMigration } from './observed-migration.js';
import type { EndedStatement, MigrationObserver } from './observer.js';
import type { Task } from './one.js';
import type { Prepared } from './prepare.js';
import type { ScriptStatement, TransactionSegment } from './script.js';
import { partsOfTransaction } from './transaction.js';
import type { Watch } from './watch.js';

/** A migration that may go as one message. */
export interface Member {
  readonly task: Task;
  readonly prepared: Prepared;
}

export interface TogetherOutcome {
  /** Of those that were committed: the first so many. */
  readonly outcomes: readonly MigrationOutcome[];
  /** How the one after them failed. */
  readonly firstTry?: FailedTry;
  /** The server refused to read the message, because of this one, and did nothing of it. */
  readonly unreadable?: number;
}

/** How many messages of a run were made before, so that what they have prepared keeps out of each other's way. */
let serial = 0;

/**
 * Runs them in order, up to the first that fails.
 * @param members all in one direction
 * @throws MIGRATE_LOCK_LOST, DATABASE_UNREACHABLE when the connection was lost and what was committed is not known
 */
export async function runTogether(context: RunContext, members: readonly Member[]): Promise<TogetherOutcome> {
  serial += 1;
  const message = compose(context, members, serial);
  const told = message.map(startTold);
  const failure = await send(
    context,
    message,
    told,
    `${labelOf(members[0]!.task)} to ${labelOf(members.at(-1)!.task)}`,
  );
  const seen = context.watch.lastSeen();
  const committed =
    failure === undefined ? members.length : await committedOf(context, message, told, failure);
  if (committed > 0) {
    context.progress.runRecorded = true;
  }
  const outcomes: MigrationOutcome[] = [];
  const longestMs = Math.max(...told.map(({ tookMs }) => tookMs ?? 0));
  for (const [index, { task }] of members.slice(0, committed).entries()) {
    // What was seen waiting is told of the one that took longest.
    const waited = told[index]!.tookMs === longestMs ? seen : NOTHING_SEEN;
    outcomes.push(await tell(context, task, told[index]!, waited));
  }
  if (committed === members.length) {
    return { outcomes };
  }
  const struck = message.findIndex(({ parts }) => parts.includes((failure as PartFailure).part!));
  return struck > 0 && told.every(({ answered }) => answered === 0) && !isConnectionLost(failure)
    ? { outcomes, unreadable: struck }
    : { outcomes, firstTry: { failure, ended: told[committed]!.ended } };
}

const NOTHING_SEEN: Seen = { lockWaitMs: 0, blockers: [] };
type Seen = ReturnType<Watch['lastSeen']>;

/** Tells, after the message, what became of one of its migrations. */
async function tell(context: RunContext, task: Task, told: Told, waited: Seen): Promise<MigrationOutcome> {
  const ended = told.ended.filter(({ failure }) => failure === undefined);
  const { version, name, direction } = task;
  const outcome = await observeMigration(context, task, async ({ observer }) => {
    ended.forEach(observer.statementEnded);
    observer.tryEnded({ sqlstate: undefined, ...waited });
    return {
      statements: ended.map(({ statement: { index, tag }, startedMs, endedMs, rows }) => ({
        index,
        tag,
        durationMs: endedMs - startedMs,
        rows,
      })),
      durationMs: told.tookMs ?? 0,
      retries: 0,
      lockWaitMs: waited.lockWaitMs,
      notices: told.notices,
    };
  });
  return { version, name, direction, resumed: false, ...outcome };
}

/** One transaction of the message. */
interface Transaction {
  readonly parts: readonly Part[];
  readonly proof: string;
}

/** The first transaction prepares, before it renews the lease; the last forgets, before it commits. */
function compose(context: RunContext, members: readonly Member[], serial: number): Transaction[] {
  const { lease, scope, run } = context;
  const { direction } = members[0]!.task;
  const records = preparedRecords({ scope, runId: run.id, direction, holdSql: lease.holdSql(), serial });
  const all = members.flatMap(({ prepared }) => prepared.script.statements);
  const guards = guardsOf(all, serial);
  const ahead = [...records.prepare, ...guards.prepare];
  const after = [...records.forget, ...guards.forget];
  return members.map(({ task, prepared }, index): Transaction => {
    const { script } = prepared;
    const { version, name, kind, eventDetails } = task;
    const migration =
      direction === 'up' ? { version, name, kind, scripts: prepared.scripts } : { version, name, kind };
    const record = records.record(migration, eventDetails ?? {});
    const held: RunContext = {
      ...context,
      lease: { ...lease, holdSql: () => records.hold },
      progress: { runRecorded: context.progress.runRecorded || index > 0 },
    };
    const { begin, statements } = (script.segments[0] as TransactionSegment | undefined) ?? EMPTY;
    const keepsNothing = keepDirectives(script).off !== undefined;
    const work = { label: labelOf(task), script, begin, statements, record, keepsNothing };
    const parts = partsOfTransaction(held, work, guards);
    if (index === 0) {
      const hold = parts.findIndex(({ sql }) => sql === records.hold);
      parts.splice(hold, 0, ...ahead.map((sql): Part => ({ sql })));
    }
    if (index === members.length - 1) {
      parts.splice(-1, 0, ...after.map((sql): Part => ({ sql })));
    }
    return { parts, proof: record.proof };
  });
}

/** The transaction of a script without statements. */
const EMPTY: Pick<TransactionSegment, 'begin' | 'statements'> = { begin: 'begin', statements: [] };

/** What was heard of one transaction. */
interface Told {
  answered: number;
  readonly ended: EndedStatement[];
  readonly notices: string[];
  /** By the server's clock, where it was heard. */
  tookMs: number | undefined;
}

function startTold(): Told {
  return { answered: 0, ended: [], notices: [], tookMs: undefined };
}

/** Sends it all at once and notes what is heard. @returns why it failed, if it did */
async function send(
  context: RunContext,
  message: readonly Transaction[],
  told: readonly Told[],
  label: string,
): Promise<unknown> {
  const { connection, watch } = context;
  const { session } = connection;
  const owners = new Map<Part | ScriptStatement, number>();
  for (const [index, { parts }] of message.entries()) {
    for (const part of parts) {
      owners.set(part, index);
      if (part.statement) {
        owners.set(part.statement, index);
      }
    }
  }
  let current = 0;
  const observer: MigrationObserver = {
    wantsTimes: () => false,
    statementEnded: (ended) => {
      told[owners.get(ended.statement)!]!.ended.push(ended);
    },
    tryEnded: () => {},
  };
  const answered = (part: Part, value: string | undefined): void => {
    const index = owners.get(part)!;
    const { parts } = message[index]!;
    const own = told[index]!;
    own.answered += 1;
    if (value) {
      own.tookMs = Number(value);
    }
    current = own.answered === parts.length ? index + 1 : index;
  };
  const stopListening = connection.onNotice(({ severity, message: text }) => {
    told[current]?.notices.push(`${severity}: ${text}`);
  });
  const parts = message.flatMap((transaction) => transaction.parts);
  try {
    await watch.during(session, label, () => sendMessage(session, parts, observer, answered));
    return undefined;
  } catch (failure) {
    if (!isConnectionLost(failure)) {
      await session.run('rollback').catch(() => {});
    }
    return failure;
  } finally {
    stopListening();
  }
}

/** A commit that was answered is done; where the connection was lost, the ledger tells. */
async function committedOf(
  context: RunContext,
  message: readonly Transaction[],
  told: readonly Told[],
  failure: unknown,
): Promise<number> {
  if (isConnectionLost(failure)) {
    return countCommitted(
      context,
      message.map(({ proof }) => proof),
    );
  }
  const open = message.findIndex(({ parts }, index) => told[index]!.answered < parts.length);
  return open === -1 ? message.length : open;
}
