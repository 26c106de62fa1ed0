import { relationUses } from '../../sql/index.js';
import { guardedNames } from '../keep/guarded.js';
import type { Script, ScriptStatement } from './script.js';

/** Settings of a script's own that hold for it alone. */
const OWN_LIMITS = new Set(['lock_timeout', 'statement_timeout']);

/**
 * How a migration whose statements destroy nothing, or do so behind guards only, may be sent:
 * - `shared`: in one message with others, each in its own transaction: definitions alone, under the run's limits
 * - `whole`: in a message of its own, since it writes rows and every transaction of a message reads the same `now()`
 * - `apart`: in as many messages as it takes
 */
export type Sending = 'shared' | 'whole' | 'apart';

export function sendingOf({ segments, directives }: Script): Sending {
  const [segment] = segments;
  const statements = segment?.kind === 'transaction' ? segment.statements : [];
  const hasOwnLimits = directives.some(({ settings }) => settings.some(({ key }) => OWN_LIMITS.has(key)));
  if (segments.length > 1 || segment?.kind === 'alone' || hasOwnLimits || !statements.every(isSimple)) {
    return 'apart';
  }
  return statements.some(writesRows) ? 'whole' : 'shared';
}

function isSimple({ classification, copyData, concurrent }: ScriptStatement): boolean {
  const { kind, transactionBlock, sessionEffect } = classification;
  return (
    (kind === 'definition' || kind === 'data') &&
    transactionBlock.rule === 'allowed' &&
    sessionEffect === undefined &&
    copyData === undefined &&
    concurrent === undefined
  );
}

/** Behind its guard an update or a delete finds no rows. */
function writesRows(statement: ScriptStatement): boolean {
  const { classification, outcome } = statement;
  return (
    classification.kind === 'data' &&
    (outcome.kind !== 'parsed' ||
      guardedNames(statement).length === 0 ||
      relationUses(outcome.node).some(({ use }) => use === 'insert' || use === 'merge'))
  );
}
