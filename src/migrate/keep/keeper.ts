/**
 * Kept data: before a statement destroys something, it is kept in the same transaction, and at the end of the
 * opposite script it is put back. A transaction whose statements destroy nothing, and whose migration has nothing to
 * put back, has no keeper and pays nothing.
 */

import { isPlinthError } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import type { RunContext, StatementOutcome } from '../run/context.js';
import type { Execution } from '../run/execute.js';
import type { Keeping } from '../run/keeping.js';
import { isConnectionLost } from '../run/lost-answer.js';
import { PartFailure } from '../run/message.js';
import type { Script, ScriptStatement } from '../run/script.js';
import { endStanding } from './guard.js';
import { type Intent, intentOf } from './intents.js';
import type { KeepingScript } from './items.js';
import { aroundAlter } from './keep-alter.js';
import { aroundDrop } from './keep-drop.js';
import { aroundOpaque } from './keep-opaque.js';
import { aroundPosition } from './keep-position.js';
import type { KeepScope } from './keep-scope.js';
import { aroundTruncate } from './keep-truncate.js';
import { aroundWrite } from './keep-writes.js';
import { markKept } from './mark.js';
import { namesAt, readNames, renames, SAME_NAMES } from './names.js';
import { noteEnd } from './note-end.js';
import { restoreKept } from './restore.js';

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
  return kept.has(`${oppositeOf(direction)} ${version}`) || script.statements.some(intentOf);
}

function oppositeOf(direction: 'up' | 'down'): 'up' | 'down' {
  return direction === 'up' ? 'down' : 'up';
}

/** The keeping of one try of one transaction; `undefined` when there is nothing to do. */
export function keepingFor(
  context: RunContext,
  execution: Execution,
  place: KeepingPlace,
): Keeping | undefined {
  const { direction, record, script } = execution;
  const opposite = oppositeOf(direction);
  const intents = new Map<ScriptStatement, Intent>();
  for (const statement of place.statements) {
    const intent = intentOf(statement);
    if (intent) {
      intents.set(statement, intent);
    }
  }
  const restorePoints = restoreLines(script, place.statements);
  const restores = context.kept.has(`${opposite} ${record.version}`);
  if (intents.size === 0 && !(restores && (place.isFirst || place.isLast || restorePoints.size > 0))) {
    return undefined;
  }
  const terms: KeepingScript = {
    ...context.scope,
    version: record.version,
    direction,
    runId: context.run.id,
    days: context.keptDays,
  };
  const scope: { -readonly [Key in keyof KeepScope]: KeepScope[Key] } = {
    script: terms,
    names: SAME_NAMES,
    kept: [],
    standing: [],
    source: script,
    statements: place.statements,
  };
  return {
    async begin(session) {
      if (restores && place.isFirst) {
        await markKept(session, terms, opposite);
      }
      if (intents.size > 0 && renames(script.statements)) {
        scope.names = namesAt(await readNames(session));
      }
    },
    concerns: (statement) => intents.has(statement) || (restores && restorePoints.has(statement)),
    async around(session, statement, send) {
      try {
        if (restores && restorePoints.has(statement)) {
          await restoreKept(session, scope, opposite);
        }
        const intent = intents.get(statement);
        return intent ? await aroundStatement(session, scope, statement, intent, send) : await send();
      } catch (error) {
        throw failureOfStatement(error, statement);
      }
    },
    async end(session) {
      await endStanding(session, scope);
      if (restores && place.isLast) {
        await restoreKept(session, scope, opposite);
      }
      await noteEnd(session, scope, renames(script.statements));
    },
    committed() {
      if (scope.kept.length > 0) {
        context.kept.add(`${direction} ${record.version}`);
      }
    },
  };
}

/** The statements before which a line `-- plinth: restore` stands. */
function restoreLines(
  { directives }: Script,
  statements: readonly ScriptStatement[],
): ReadonlySet<ScriptStatement> {
  const points = directives
    .filter(({ words }) => words[0]?.text === 'restore')
    .flatMap(({ end }) => statements.find(({ start }) => start >= end) ?? []);
  return new Set(points);
}

function aroundStatement(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  intent: Intent,
  send: () => Promise<StatementOutcome[]>,
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
      return aroundWrite(session, scope, statement, intent, send);
    case 'opaque':
      return aroundOpaque(session, scope, statement, intent, send);
  }
}

/** What the server refuses while something is kept is told as a failure of the statement that it is kept for. */
function failureOfStatement(error: unknown, statement: ScriptStatement): unknown {
  const isServers = isPlinthError(error, 'DATABASE_STATEMENT_FAILED', 'DATABASE_CANCELLED');
  return error instanceof PartFailure || isConnectionLost(error) || !isServers
    ? error
    : new PartFailure(error, { sql: statement.text, statement }, undefined);
}
