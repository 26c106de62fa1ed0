import type { Script, ScriptStatement } from './script.js';

/** Settings of a script's own that hold for it alone. */
const OWN_LIMITS = new Set(['lock_timeout', 'statement_timeout']);

/**
 * Whether the migration may share a message with others, each in its own transaction: definitions alone, in one
 * transaction, under the run's limits. Rows are written by a message of their own, since every transaction of a
 * message reads the same `now()`.
 */
export function isPlain(script: Script): boolean {
  const [segment, ...more] = script.segments;
  return (
    segment?.kind === 'transaction' &&
    more.length === 0 &&
    segment.statements.every(isDefinition) &&
    !script.directives.some(({ settings }) => settings.some(({ key }) => OWN_LIMITS.has(key)))
  );
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
