import { mustKeep } from '../keep/guarded.js';
import { intentOf } from '../keep/intents.js';
import type { Script, ScriptStatement } from './script.js';

/** Settings of a script's own that hold for it alone. */
const OWN_LIMITS = new Set(['lock_timeout', 'statement_timeout']);

/**
 * Whether the migration may share a message with others, each in its own transaction: definitions alone that destroy
 * nothing, in one transaction, under the run's limits. Rows are written by a message of their own, since every
 * transaction of a message reads the same `now()`.
 */
export function isPlain(script: Script): boolean {
  const [segment, ...more] = script.segments;
  return (
    segment?.kind === 'transaction' &&
    more.length === 0 &&
    segment.statements.every((statement) => isDefinition(statement) && !needsKeeping(statement)) &&
    !script.directives.some(({ settings }) => settings.some(({ key }) => OWN_LIMITS.has(key)))
  );
}

/** Whether something is kept before the statement runs. */
function needsKeeping(statement: ScriptStatement): boolean {
  const intent = intentOf(statement);
  return intent !== undefined && ['drop', 'alter', 'position'].includes(intent.kind) && mustKeep(statement);
}

function isDefinition({ classification, copyData, concurrent }: ScriptStatement): boolean {
  const { kind, transactionBlock, sessionEffect } = classification;
  return (
    kind === 'definition' &&
    transactionBlock.rule === 'allowed' &&
    sessionEffect === undefined &&
    copyData === undefined &&
    concurrent === undefined
  );
}
