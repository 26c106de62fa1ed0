import type { Policy } from '../../schema/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { Unit } from '../unit.js';
import { roleOf } from './drop.js';
import { lowerKeywords } from './keywords.js';
import { named, nameOf } from './named.js';

export function policyStatement({ object, relation }: Unit<'policy'>): string {
  const { name, restrictive, command, roles, using, withCheck } = object;
  return [
    `create policy ${quoteIdentifier(name)} on ${nameOf(relation!)}`,
    ...(restrictive ? ['as restrictive'] : []),
    ...(command === 'all' ? [] : [`for ${command}`]),
    ...(isForEverybody(roles) ? [] : [`to ${roles.map(roleOf).join(', ')}`]),
    ...expressions(using, withCheck),
  ].join('\n  ');
}

/** The clauses that `alter policy` takes; it cannot take one away. */
export function canAlterPolicy(then: Policy, now: Policy): boolean {
  return (
    then.command === now.command &&
    then.restrictive === now.restrictive &&
    !(then.using !== undefined && now.using === undefined) &&
    !(then.withCheck !== undefined && now.withCheck === undefined)
  );
}

export function alterPolicy({ object: then }: Unit<'policy'>, now: Unit<'policy'>): string[] {
  const { roles, using, withCheck } = now.object;
  const clauses = [
    ...(then.roles.join('\0') === roles.join('\0') ? [] : [`to ${roles.map(roleOf).join(', ')}`]),
    ...expressions(
      then.using === using ? undefined : using,
      then.withCheck === withCheck ? undefined : withCheck,
    ),
  ];
  return clauses.length === 0 ? [] : [[`alter ${named(now)}`, ...clauses].join('\n  ')];
}

function isForEverybody(roles: readonly string[]): boolean {
  return roles.length === 1 && roles[0] === 'public';
}

function expressions(using: string | undefined, withCheck: string | undefined): string[] {
  return [
    ...(using === undefined ? [] : [`using ${inParentheses(using)}`]),
    ...(withCheck === undefined ? [] : [`with check ${inParentheses(withCheck)}`]),
  ];
}

function inParentheses(expression: string): string {
  return expression.startsWith('(') ? lowerKeywords(expression) : `(${lowerKeywords(expression)})`;
}
