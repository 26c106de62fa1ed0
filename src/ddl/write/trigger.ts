/** Triggers, rules and event triggers: as PostgreSQL writes them out, and when they fire. */
import { quoteIdentifier } from '../../sql/index.js';
import type { Unit } from '../unit.js';
import { clausePerLine, lowerKeywords } from './keywords.js';
import { relationNamed } from './named.js';

export function triggerStatement(definition: string, orReplace = false): string {
  return clausePerLine(lowerKeywords(definition), [
    'before',
    'after',
    'instead',
    'for',
    'when',
    'execute',
    'referencing',
    'from',
    'deferrable',
    'not',
  ]).replace(/^create /, orReplace ? 'create or replace ' : 'create ');
}

export function ruleStatement(definition: string): string {
  return lowerKeywords(definition).replace(/;$/, '');
}

/** The statements for what does not fire in ordinary sessions. */
export function firing(one: Unit<'trigger' | 'rule' | 'event trigger'>, isReset = false): string[] {
  const { enabled, name } = one.object;
  if (enabled === undefined && !isReset) {
    return [];
  }
  const how = enabled === undefined ? 'enable' : enabled === 'disabled' ? 'disable' : `enable ${enabled}`;
  return one.kind === 'event trigger'
    ? [`alter event trigger ${quoteIdentifier(name)} ${how}`]
    : [`alter ${relationNamed(one.relation!)}\n  ${how} ${one.kind} ${quoteIdentifier(name)}`];
}
