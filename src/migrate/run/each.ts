/**
 * Migrations one after the other. While the server is at work on one, the next is read, parsed and digested, but
 * nothing of it is sent before the one before it is committed; its errors wait for its turn.
 */
import { setImmediate as messageSent } from 'node:timers/promises';
import { MIGRATE_ERRORS } from '../errors.js';
import { labelOf } from '../migration.js';
import type { MigrationOutcome } from '../report.js';
import type { RunContext } from './context.js';
import { runOne, type Task } from './one.js';
import { type Prepared, prepare } from './prepare.js';

export interface EachOptions {
  /** How progress calls the whole. */
  readonly title: string;
}

/**
 * @param makers make the tasks; each is called when its turn is next, so that only two hold their texts
 * @throws MIGRATE_CANCELLED before a migration, and what `runOne` throws; those before stay done
 */
export async function runEach(
  context: RunContext,
  makers: readonly (() => Task)[],
  { title }: EachOptions,
): Promise<MigrationOutcome[]> {
  const outcomes: MigrationOutcome[] = [];
  const { onProgress, signal } = context;
  let next = ahead(makers[0]);
  for (let turn = await next; turn; turn = await next) {
    if (signal?.aborted) {
      throw MIGRATE_ERRORS.CANCELLED({ message: `Stopped before ${workOf(turn.task)}` });
    }
    const running = runOne(context, turn.task, turn.prepared);
    const following = makers[outcomes.length + 1];
    next = later(() => ahead(following));
    outcomes.push(await running);
    onProgress({ task: title, done: outcomes.length, total: makers.length, unit: 'migrations' });
  }
  onProgress({ task: title, state: 'done' });
  return outcomes;
}

function workOf(task: Task): string {
  return task.direction === 'up' ? labelOf(task) : `rolling ${labelOf(task)} back`;
}

interface Turn {
  readonly task: Task;
  readonly prepared: Promise<Prepared>;
}

async function ahead(make: (() => Task) | undefined): Promise<Turn | undefined> {
  if (!make) {
    return undefined;
  }
  const task = make();
  const prepared = unawaited(prepare(task));
  return { task, prepared };
}

/** Does `work` once the message that is under way has gone out. */
function later<T>(work: () => Promise<T>): Promise<T> {
  return unawaited(messageSent().then(work));
}

/** A promise that may never be awaited: then its failure does not matter. */
function unawaited<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
