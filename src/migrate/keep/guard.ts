/**
 * Runs a statement so that what it writes is kept, whatever it turns out to write. What is known beforehand is
 * captured. Afterwards the server's own counts of updated and deleted rows, and for code that is not looked into the
 * catalogue too, tell whether anything else was lost: then the statement is undone and runs again, with that kept.
 */
import { type Session, sqlstateOf } from '../../database/index.js';
import type { StatementOutcome } from '../run/context.js';
import { PartFailure } from '../run/message.js';
import type { ScriptStatement } from '../run/script.js';
import type { Triggers } from './capture-handle.js';
import { FIRE_DEFERRED } from './deferred.js';
import { finishGuard } from './guard-finish.js';
import type { GuardPlan } from './guard-plan.js';
import { isKeepable, startGuard } from './guard-start.js';
import type { KeepScope } from './keep-scope.js';
import { NetFailure } from './net.js';
import { asKeeper } from './own-settings.js';
import { dataNotKept } from './refuse.js';
import { releaseTypes } from './release-types.js';
import { lossBetween, type Snapshot, takeSnapshot } from './snapshot.js';
import { readTables } from './table-facts.js';
import { removeTriggers } from './triggers.js';
import { account, readWritten, rowsOf, unaccountedOf } from './written.js';

/** The relation of their pages, pg_largeobject, in every database. */
const LARGE_OBJECTS = 2613;

/** How often a statement is undone to keep what it was seen to destroy. */
const MOST_TRIES = 6;

/** @param refuse gives the error for what still is not kept after so many tries */
export async function runGuarded(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  plan: GuardPlan,
  send: () => Promise<StatementOutcome[]>,
  refuse: (tables: readonly string[]) => Error,
): Promise<StatementOutcome[]> {
  let written = await readWritten(session);
  const unaccounted = unaccountedOf(scope, written);
  let isReleased = false;
  for (let tries = 1; ; tries += 1) {
    const keptBefore = scope.kept.length;
    const ownBefore = [...scope.own];
    await session.run('savepoint plinth_statement');
    // To look at the catalogue and the counts takes none of the keeper's settings.
    const looksOnly =
      plan.inserted.size + plan.gone.size + plan.captured.size + plan.copied.size + plan.noted.size === 0;
    const as = <T>(work: () => Promise<T>): Promise<T> => (looksOnly ? work() : asKeeper(session, work));
    const before = written;
    const started = await as(() => startGuard(session, scope, statement, plan, before));
    const undo = async (): Promise<void> => {
      await session.run('rollback to savepoint plinth_statement; release savepoint plinth_statement');
      scope.kept.splice(keptBefore);
      scope.own.clear();
      for (const [oid, own] of ownBefore) {
        scope.own.set(oid, own);
      }
      removeStanding(scope, [...started.captures, ...started.watched]);
    };
    let outcomes: StatementOutcome[];
    try {
      outcomes = await send();
    } catch (error) {
      if (isReleased || !plan.watchesCatalogue || !isTypeInUse(error)) {
        throw error;
      }
      await undo();
      await asKeeper(session, () => releaseTypes(session));
      isReleased = true;
      continue;
    }
    written = await readWritten(session);
    const after = written;
    if (rowsOf(after, LARGE_OBJECTS) > rowsOf(before, LARGE_OBJECTS)) {
      const why = 'no trigger can tell what was in them';
      throw dataNotKept(scope, statement, ['large objects'], why, 'nothing else helps');
    }
    const missed = await as(() => finishGuard(session, scope, plan, started, after));
    if (missed.length === 0) {
      await session.run('release savepoint plinth_statement');
      account(scope, after, unaccounted);
      return outcomes;
    }
    if (tries === MOST_TRIES) {
      throw refuse(missed);
    }
    await undo();
  }
}

/** Whether code cannot drop something, as it cannot drop a type of which values are kept. */
function isTypeInUse(error: unknown): boolean {
  return error instanceof PartFailure && sqlstateOf(error.cause) === '2BP01';
}

function removeStanding(scope: KeepScope, put: readonly Triggers[]): void {
  for (const { prefix } of put) {
    const index = scope.standing.findIndex((each) => each.prefix === prefix);
    if (index >= 0) {
      scope.standing.splice(index, 1);
    }
  }
}

/** @throws NetFailure when the script has destroyed something beside the statements that were looked after */
export async function checkNet(session: Session, scope: KeepScope): Promise<void> {
  const left = [...unaccountedOf(scope, await readWritten(session))].flatMap(([oid, rows]) =>
    rows > 0 ? oid : [],
  );
  if (left.includes(LARGE_OBJECTS) || (await readTables(session, left)).some(isKeepable)) {
    throw new NetFailure('rows were changed beside the statements that were looked after');
  }
}

/** @throws NetFailure when code has emptied or dropped a table behind statements that only write rows */
export async function checkTables(session: Session, before: Snapshot | undefined): Promise<void> {
  const loss = before && lossBetween(before, await takeSnapshot(session));
  if (loss && loss.relations.length + loss.rewritten.length > 0) {
    throw new NetFailure('tables were emptied or dropped behind statements that write rows');
  }
}

/** Takes off triggers that had to wait for the end of the transaction. */
export async function endStanding(session: Session, scope: KeepScope): Promise<void> {
  if (scope.standing.length === 0) {
    return;
  }
  await session.run(FIRE_DEFERRED);
  for (const capture of scope.standing.splice(0)) {
    await removeTriggers(session, capture);
  }
}
