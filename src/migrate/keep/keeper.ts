/**
 * Kept data: before a statement destroys something, it is kept in the same transaction, and at the end of the
 * opposite script it is put back. A transaction whose statements destroy nothing, and whose migration has nothing to
 * put back, has no keeper and pays nothing.
 */

import { isPlinthError } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { insertEvent } from '../ledger/writes.js';
import type { KeptOutcome, RestoredOutcome, RunContext, StatementOutcome } from '../run/context.js';
import type { Keeping } from '../run/keeping.js';
import { isConnectionLost } from '../run/lost-answer.js';
import { PartFailure } from '../run/message.js';
import { mayChangeSession, type Script, type ScriptStatement } from '../run/script.js';
import { checkedLast, FIRE_DEFERRED } from './deferred.js';
import { type KeepTarget, keepDirectives } from './directives.js';
import { checkNet, checkTables, endStanding } from './guard.js';
import { findsNothing, mustKeep } from './guarded.js';
import { type Intent, intentOf } from './intents.js';
import { addItem, readKept } from './items.js';
import { aroundAlter } from './keep-alter.js';
import { aroundDrop } from './keep-drop.js';
import { aroundOpaque } from './keep-opaque.js';
import { aroundPosition } from './keep-position.js';
import { forgetMade, type KeepScope } from './keep-scope.js';
import { aroundTruncate } from './keep-truncate.js';
import { aroundWrite } from './keep-writes.js';
import { markKept } from './mark.js';
import { changesNames, type NamedRelation, namesAt, readNames, SAME_NAMES } from './names.js';
import { onlyWrite, writes } from './net.js';
import { noteEnd } from './note-end.js';
import { aroundInsert, insertsBefore } from './own-rows.js';
import { asKeeper } from './own-settings.js';
import { restoreKept } from './restore.js';
import { type Snapshot, takeSnapshot } from './snapshot.js';
import { account, readWritten, unaccountedOf } from './written.js';

/** The script that is executed. */
export interface KeepingExecution {
  readonly direction: 'up' | 'down';
  readonly record: {
    readonly version: string;
    readonly scripts: {
      readonly upText: string;
      readonly upMeaning: string;
      readonly downText: string | undefined;
      readonly downMeaning: string | undefined;
    };
  };
  readonly script: Script;
  /** How things were named when the script began, where it is several transactions. */
  readonly startNames?: ReadonlyMap<number, NamedRelation> | undefined;
  /** Filled with what was kept and put back. */
  readonly keptData?: { readonly kept: KeptOutcome[]; readonly restored: RestoredOutcome[] };
}

export interface KeepingPlace {
  readonly statements: readonly ScriptStatement[];
  /** The script's first transaction, and its last. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** Whether anything is done around the script's statements, so that it cannot share a message with others. */
export function needsKeeping(
  { kept }: RunContext,
  { direction, version }: { readonly direction: 'up' | 'down'; readonly version: string },
  script: Script,
): boolean {
  return (
    kept.has(`${oppositeOf(direction)} ${version}`) ||
    script.statements.some(mustKeep) ||
    keepDirectives(script).keepBefore.size > 0
  );
}

function meaningsOf(
  direction: 'up' | 'down',
  { upMeaning, downMeaning }: KeepingExecution['record']['scripts'],
): { readonly meaning: string | undefined; readonly oppositeMeaning: string | undefined } {
  return direction === 'up'
    ? { meaning: upMeaning, oppositeMeaning: downMeaning }
    : { meaning: downMeaning, oppositeMeaning: upMeaning };
}

function oppositeOf(direction: 'up' | 'down'): 'up' | 'down' {
  return direction === 'up' ? 'down' : 'up';
}

/**
 * The keeping of one try of one transaction; `undefined` when there is nothing to do.
 * @param watched `every write` once it is known that statements destroy more than their text tells
 */
export function keepingFor(
  context: RunContext,
  execution: KeepingExecution,
  place: KeepingPlace,
  watched: 'what its text tells' | 'every write' = 'what its text tells',
): Keeping | undefined {
  const { direction, record, script } = execution;
  const opposite = oppositeOf(direction);
  const said = keepDirectives(script);
  const intents = new Map<ScriptStatement, Intent>();
  for (const statement of place.statements) {
    const told = intentOf(statement) ?? (said.keepBefore.has(statement) ? CODE : undefined);
    const isWatched =
      watched === 'every write' && writes(statement) && (told === undefined || told.kind === 'opaque');
    const intent = isWatched ? CODE : told;
    if (intent) {
      intents.set(statement, intent);
    }
  }
  const restores = context.kept.has(`${opposite} ${record.version}`);
  const inserts = insertsBefore(place.statements, restores && intents.size > 0);
  if (intents.size === 0 && !(restores && (place.isFirst || place.isLast || said.restoreBefore.size > 0))) {
    return undefined;
  }
  const scope: { -readonly [Key in keyof KeepScope]: KeepScope[Key] } = {
    script: {
      ...context.scope,
      version: record.version,
      direction,
      runId: context.run.id,
      days: context.keptDays,
      classification: context.classification,
      ...meaningsOf(direction, record.scripts),
    },
    oppositeText: direction === 'up' ? record.scripts.downText : record.scripts.upText,
    names: SAME_NAMES,
    items: [],
    kept: [],
    standing: [],
    own: new Map(),
    superseded: new Set(),
    accounted: new Map(),
    source: script,
    statements: place.statements,
    following: [],
  };
  const told: { kept: KeptOutcome[]; restored: RestoredOutcome[] } = { kept: [], restored: [] };
  /** @param from the statement that comes next; none at the end of the script */
  const restore = async (session: Session, from?: ScriptStatement): Promise<void> => {
    scope.following = from ? script.statements.slice(script.statements.indexOf(from)) : [];
    const unaccounted = unaccountedOf(scope, await readWritten(session));
    await session.run(FIRE_DEFERRED);
    told.restored.push(...(await checkedLast(session, scope, () => restoreKept(session, scope, opposite))));
    account(scope, await readWritten(session), unaccounted);
  };
  const declare = (session: Session, statement: ScriptStatement, reason: string): Promise<unknown> =>
    addItem(session, scope, {
      statement: statement.index,
      kind: 'declared',
      schema: '',
      name: statement.tag.toLowerCase(),
      layout: { key: [], isKeyless: false, columns: [] },
      reason,
    });
  const tell = async (session: Session): Promise<void> => {
    told.kept = await readKept(session, scope.items);
    for (const [event, items] of [
      ['kept', told.kept],
      ['restored', told.restored],
    ] as const) {
      if (items.length > 0) {
        await session.run(insertEvent(context.run.id, event, record.version, undefined, { items }));
      }
    }
  };
  let tables: Snapshot | undefined;
  /** What a deferred trigger writes is the script's doing. */
  const fireDeferred = async (session: Session): Promise<void> => {
    const last = place.statements.findLast(writes);
    const fire = async (): Promise<StatementOutcome[]> => {
      await session.run(FIRE_DEFERRED);
      return [];
    };
    await (last && watched === 'every write' ? aroundOpaque(session, scope, last, CODE, [], fire) : fire());
  };
  /** The role of the run until the script may have taken another. */
  const roleOf = (statement: ScriptStatement): typeof asKeeper => {
    const before = place.statements.filter(({ index }) => index < statement.index);
    const { changesSession } = script;
    return mayChangeSession({ changesSession, statements: before }) ? asKeeper : (_, work) => work();
  };
  return {
    begin: (session) =>
      byItself(async () => {
        // The server may still count what the transaction before this one has written.
        account(scope, await readWritten(session), new Map());
        if (restores && place.isFirst) {
          await markKept(session, scope.script, opposite);
        }
        if (intents.size > 0 && (execution.startNames || changesNames(script.statements))) {
          scope.names = namesAt(execution.startNames ?? (await readNames(session)));
        }
        if (watched === 'what its text tells' && onlyWrite(place.statements)) {
          tables = await takeSnapshot(session);
        }
      }),
    concerns: (statement) =>
      intents.has(statement) || inserts.has(statement) || (restores && said.restoreBefore.has(statement)),
    async around(session, statement, send) {
      try {
        if (restores && said.restoreBefore.has(statement)) {
          await restore(session, statement);
        }
        const intent = intents.get(statement);
        const reason = said.off ?? said.offBefore.get(statement);
        if (intent && reason !== undefined) {
          await asKeeper(session, () => declare(session, statement, reason));
          const unaccounted = unaccountedOf(scope, await readWritten(session));
          const outcomes = await send();
          account(scope, await readWritten(session), unaccounted);
          return outcomes;
        }
        const targets = said.keepBefore.get(statement) ?? [];
        // Where a net has caught something, tables that hold nothing are no proof that nothing is destroyed.
        const mayFindNothing = watched === 'what its text tells';
        const run = async () =>
          !intent || (mayFindNothing && (await findsNothing(session, statement, intent, roleOf(statement))))
            ? send()
            : aroundStatement(session, scope, statement, intent, targets, send, watched === 'every write');
        const inserted = said.off === undefined ? inserts.get(statement) : undefined;
        return inserted ? await aroundInsert(session, scope, statement, inserted, run) : await run();
      } catch (error) {
        throw failureOfStatement(error, statement);
      }
    },
    end: (session) =>
      byItself(async () => {
        await fireDeferred(session);
        if (scope.standing.length > 0) {
          await asKeeper(session, () => endStanding(session, scope));
        }
        if (said.off === undefined && place.statements.some(writes)) {
          await checkNet(session, scope);
          await checkTables(session, tables);
        }
        if (restores && place.isLast) {
          await restore(session);
        }
        if (execution.startNames && scope.kept.length > 0) {
          await asKeeper(session, () => forgetMade(session, scope));
        }
        await noteEnd(session, scope, {
          doesRename: changesNames(script.statements),
          isWhole: place.isFirst && place.isLast,
        });
        if (scope.items.length + told.restored.length > 0) {
          await asKeeper(session, () => tell(session));
        }
      }),
    committed() {
      if (told.kept.length > 0) {
        context.kept.add(`${direction} ${record.version}`);
      }
      execution.keptData?.kept.push(...told.kept);
      execution.keptData?.restored.push(...told.restored);
    },
  };
}

/** A statement that code must be looked for behind. */
const CODE = { kind: 'opaque', functions: undefined } as const satisfies Intent;

function aroundStatement(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  intent: Intent,
  targets: readonly KeepTarget[],
  send: () => Promise<StatementOutcome[]>,
  watchesCatalogue: boolean,
): Promise<StatementOutcome[]> {
  switch (intent.kind) {
    case 'drop':
      return aroundDrop(session, scope, statement, intent, send);
    case 'alter':
      return aroundAlter(session, scope, statement, intent, send);
    case 'position':
      return aroundPosition(session, scope, statement, intent, send);
    case 'truncate':
      return aroundTruncate(session, scope, statement, intent, send);
    case 'write':
      return aroundWrite(session, scope, statement, intent, send, watchesCatalogue);
    case 'opaque':
      return aroundOpaque(session, scope, statement, intent, targets, send);
  }
}

/** Work of the keeper between statements; what the server refuses in it is no fault of any of them. */
async function byItself(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw isServers(error) ? new PartFailure(error, undefined, undefined) : error;
  }
}

function isServers(error: unknown): boolean {
  return isPlinthError(error, 'DATABASE_STATEMENT_FAILED', 'DATABASE_CANCELLED');
}

/** What the server refuses while something is kept is told as a failure of the statement that it is kept for. */
function failureOfStatement(error: unknown, statement: ScriptStatement): unknown {
  return error instanceof PartFailure || isConnectionLost(error) || !isServers(error)
    ? error
    : new PartFailure(error, { sql: statement.text, statement }, undefined);
}
