import type { Constraint } from '../../schema/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { Unit } from '../unit.js';
import { becameValid } from './can-alter.js';
import { relationNamed } from './named.js';

/** Whether it is enforced, put off or proven. */
export function constraintChanges(then: Constraint, now: Unit<'constraint'>): string[] {
  const alter = `alter ${relationNamed(now.relation!)}\n  `;
  const name = quoteIdentifier(now.object.name);
  const after = now.object;
  const isDeferralChanged =
    then.deferrable !== after.deferrable || then.initiallyDeferred !== after.initiallyDeferred;
  const [wasEnforced, isEnforced] = [then, after].map(
    (one) => !('notEnforced' in one && one.notEnforced),
  ) as [boolean, boolean];
  return [
    ...(wasEnforced === isEnforced
      ? []
      : [`${alter}alter constraint ${name} ${isEnforced ? 'enforced' : 'not enforced'}`]),
    ...(isDeferralChanged
      ? [
          `${alter}alter constraint ${name} ${after.deferrable ? `deferrable initially ${after.initiallyDeferred ? 'deferred' : 'immediate'}` : 'not deferrable'}`,
        ]
      : []),
    ...(becameValid(then, after) ? [`${alter}validate constraint ${name}`] : []),
  ];
}
