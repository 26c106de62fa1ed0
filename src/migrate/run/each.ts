/**
 * Migrations one after the other, plain ones several in a message. While the server is at work, those that follow are
 * read, parsed and digested, but nothing of them is sent before the message before them is answered.
 */
import { setImmediate as messageSent } from 'node:timers/promises';
import { sqlstateOf } from '../../database/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import { HOLDS_DATA, namesOfFilledTables } from '../keep/guarded.js';
import { needsKeeping } from '../keep/keeper.js';
import { isNetFailure } from '../keep/net.js';
import { labelOf } from '../migration.js';
import type { MigrationOutcome } from '../report.js';
import type { RunContext } from './context.js';
import type { FailedTry } from './execute.js';
import { isConnectionLost } from './lost-answer.js';
import { PartFailure } from './message.js';
import { runOne, type Task } from './one.js';
import { runTogether } from './together.js';
import { type Ready, type Upcoming, upcoming } from './upcoming.js';

export interface EachOptions {
  /** How progress calls the whole. */
  readonly title: string;
}

/**
 * @param makers make the tasks; each is called shortly before its turn, so that few hold their texts
 * @throws MIGRATE_CANCELLED before a migration, and what `runOne` throws; those before stay done
 */
export async function runEach(
  context: RunContext,
  makers: readonly (() => Task)[],
  { title }: EachOptions,
): Promise<MigrationOutcome[]> {
  const outcomes: MigrationOutcome[] = [];
  const { onProgress, signal } = context;
  const next = upcoming(makers, (task, script) => needsKeeping(context, task, script));
  const done = (outcome: MigrationOutcome): void => {
    outcomes.push(outcome);
    onProgress({ task: title, done: outcomes.length, total: makers.length, unit: 'migrations' });
  };
  const take = takeKnowing(context, next);
  let count = 1;
  for (let turn = await take(count); turn.length > 0; turn = await take(count)) {
    if (signal?.aborted) {
      throw MIGRATE_ERRORS.CANCELLED({ message: `Stopped before ${workOf(turn[0]!.task)}` });
    }
    const startedMs = performance.now();
    const running = runTurn(context, turn, next, done);
    const prepared = unawaited(messageSent().then(() => next.prepare(2 * count)));
    await running;
    count = canShare(context) ? nextCount(count, turn.length, performance.now() - startedMs) : 1;
    await prepared;
  }
  onProgress({ task: title, state: 'done' });
  return outcomes;
}

/** Takes what is next; before the first guards it is asked which tables hold rows. */
function takeKnowing(context: RunContext, next: Upcoming): (count: number) => Promise<readonly Ready[]> {
  let knows = !canShare(context);
  return async (count) => {
    const turn = await next.take(count);
    if (knows || turn.every(({ guarded }) => guarded.length === 0)) {
      return turn;
    }
    knows = true;
    next.expectData(await namesOfFilledTables(context.connection.session));
    next.putBack(turn);
    return next.take(count);
  };
}

/** Whether migrations may share a message: spans tell when each statement began, a proxy has no prepared statements. */
function canShare({ connection, telemetry }: RunContext): boolean {
  return connection.session.isDirect && !telemetry.isTraced;
}

/** How long a message is to take, in milliseconds: what is in it is done with before anybody sees how far it is. */
const MESSAGE_MS = 200;
const MOST_IN_A_MESSAGE = 256;

/** How many migrations to send together next, from how long so many took. */
function nextCount(count: number, sent: number, tookMs: number): number {
  const wanted = Math.floor((MESSAGE_MS * sent) / Math.max(tookMs, 1));
  return Math.max(1, Math.min(wanted, 2 * count, MOST_IN_A_MESSAGE));
}

/** Runs what was taken; what a failure keeps from being done is put back, or the failure thrown. */
async function runTurn(
  context: RunContext,
  turn: readonly Ready[],
  next: Upcoming,
  done: (outcome: MigrationOutcome) => void,
): Promise<void> {
  const [first] = turn as readonly [Ready];
  // One that has a guard goes as a message, too: where its tables are empty, nothing has to be kept.
  if (turn.length === 1 && !(first.guarded.length > 0 && next.isMessage(first) && canShare(context))) {
    done(await runReady(context, first));
    return;
  }
  const { outcomes, firstTry, unreadable } = await runTogether(context, turn);
  outcomes.forEach(done);
  if (unreadable !== undefined) {
    next.putBack(turn.map((ready, index) => (index === unreadable ? { ...ready, sending: 'apart' } : ready)));
  } else if (firstTry) {
    const struck = turn[outcomes.length]!;
    if (foundData(firstTry)) {
      next.expectData(struck.guarded);
    }
    done(await runReady(context, struck, wasGuard(firstTry) ? undefined : firstTry));
    next.putBack(turn.slice(outcomes.length + 1));
  }
}

/** A guard stopped the message: the migration goes alone, and what it destroys is kept. */
function wasGuard({ failure }: FailedTry): boolean {
  return (
    failure instanceof PartFailure &&
    (failure.part?.isGuard === true || isNetFailure(failure)) &&
    !isConnectionLost(failure)
  );
}

function foundData(firstTry: FailedTry): boolean {
  return wasGuard(firstTry) && sqlstateOf((firstTry.failure as PartFailure).cause) === HOLDS_DATA;
}

function runReady(
  context: RunContext,
  { task, prepared }: Ready,
  firstTry?: FailedTry,
): Promise<MigrationOutcome> {
  return runOne(context, task, { prepared: Promise.resolve(prepared), firstTry });
}

function workOf(task: Task): string {
  return task.direction === 'up' ? labelOf(task) : `rolling ${labelOf(task)} back`;
}

/** A promise that may never be awaited: then its failure does not matter. */
function unawaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
