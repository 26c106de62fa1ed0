/** Grants and revokes that turn the privileges on one object into those on another. */
import type { Grant } from '../../schema/index.js';
import { quoteIdentifier } from '../../sql/index.js';

export interface Privileges {
  readonly grants?: readonly Grant[] | undefined;
  readonly revokes?: readonly Grant[] | undefined;
}

export interface PrivilegeTarget {
  /** `table app.users`, `function app.add(integer)`; `tables` behind default privileges. */
  readonly on: string;
  /** What stands before: `alter default privileges …`. */
  readonly prefix?: string;
  /** The column that they are for. */
  readonly column?: string;
}

/** The statements; none where both say the same. */
export function privilegeChanges(then: Privileges, now: Privileges, target: PrivilegeTarget): string[] {
  const old = entries(then.grants);
  const young = entries(now.grants);
  const oldRevokes = entries(then.revokes);
  const youngRevokes = entries(now.revokes);
  const write = writer(target);
  return [
    ...write('revoke', missing(old, young)),
    ...write('revoke', missing(youngRevokes, oldRevokes)),
    ...write('grant', missing(oldRevokes, youngRevokes)),
    ...write('grant', missing(young, old)),
    ...write('revoke grant option for', optionsLost(old, young)),
    ...write('grant', optionsWon(old, young)),
  ];
}

interface Entry {
  readonly grantee: string;
  readonly grantor: string | undefined;
  readonly privilege: string;
  readonly grantable: boolean;
}

type Entries = ReadonlyMap<string, Entry>;

function entries(grants: readonly Grant[] = []): Entries {
  const found = new Map<string, Entry>();
  for (const { grantee, privileges, grantable = [], grantor } of grants) {
    for (const privilege of privileges) {
      const isGrantable = grantable.includes(privilege) || grantable[0] === 'all';
      found.set([grantee, grantor, privilege].join('\0'), {
        grantee,
        grantor,
        privilege,
        grantable: isGrantable,
      });
    }
  }
  return found;
}

function missing(those: Entries, from: Entries): Entry[] {
  return [...those].filter(([key]) => !from.has(key)).map(([, entry]) => entry);
}

function optionsLost(old: Entries, young: Entries): Entry[] {
  return [...old.entries()]
    .filter(([key, { grantable }]) => grantable && young.get(key)?.grantable === false)
    .map(([, entry]) => entry);
}

function optionsWon(old: Entries, young: Entries): Entry[] {
  return [...young.entries()]
    .filter(([key, { grantable }]) => grantable && old.get(key)?.grantable === false)
    .map(([, entry]) => entry);
}

type Verb = 'grant' | 'revoke' | 'revoke grant option for';

/** One statement for the privileges that the same role gets in the same way. */
function writer({
  on,
  prefix,
  column,
}: PrivilegeTarget): (verb: Verb, changes: readonly Entry[]) => string[] {
  const columns = column === undefined ? '' : ` (${quoteIdentifier(column)})`;
  return (verb, changes) => {
    const together = new Map<string, Entry[]>();
    for (const change of changes) {
      const key = `${change.grantee}\0${verb === 'grant' && change.grantable}`;
      together.set(key, [...(together.get(key) ?? []), change]);
    }
    return [...together.values()].map((group) => {
      const [{ grantee, grantable }] = group as [Entry];
      const privileges = group.map(({ privilege }) => `${privilege}${columns}`).join(', ');
      const role = grantee === 'public' ? 'public' : quoteIdentifier(grantee);
      const option = verb === 'grant' && grantable ? ' with grant option' : '';
      const statement = `${verb} ${privileges} on ${on} ${verb === 'grant' ? 'to' : 'from'} ${role}${option}`;
      return prefix ? `${prefix}\n  ${statement}` : statement;
    });
  };
}
