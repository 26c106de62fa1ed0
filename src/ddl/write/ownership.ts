/** Who owns an object and who may use it. */
import type { DefaultPrivileges, Grant } from '../../schema/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { Scene } from '../scene.js';
import type { Unit } from '../unit.js';
import { named, nameOf } from './named.js';
import { type Privileges, privilegeChanges } from './privileges.js';

/** `alter … owner to`, where another owns it; what is new belongs to the role that makes it. */
export function ownerStatements(then: Unit | undefined, now: Unit, scene: Scene): string[] {
  const owner = ownerOf(now);
  const before = then ? ownerOf(then) : scene.role;
  return scene.withOwners && owner !== undefined && owner !== before
    ? [`alter ${named(now)}\n  owner to ${quoteIdentifier(owner)}`]
    : [];
}

function ownerOf(one: Unit): string | undefined {
  // That of statistics and the like is an object's too; links have none.
  return 'owner' in one.object && one.kind !== 'ownership'
    ? (one.object.owner as string | undefined)
    : undefined;
}

/** `grant` and `revoke`; what is new has the default privileges of the database it is made in. */
export function privilegeStatements(then: Unit | undefined, now: Unit, scene: Scene): string[] {
  if (!scene.withPrivileges || now.kind === 'default privileges') {
    return [];
  }
  const on = privilegeTarget(now);
  if (on === undefined) {
    return [];
  }
  const before = then ? privilegesOf(then) : bornWith(now, scene);
  const changes = privilegeChanges(before, privilegesOf(now), {
    on,
    ...(now.kind === 'column' ? { column: now.object.name } : {}),
  });
  return [
    ...changes,
    ...(changes.some((text) => text.startsWith('revoke')) ? columnGrantsAgain(then ?? now, now) : []),
  ];
}

/** What is revoked from a whole table is revoked from its columns too, where it had been granted by itself. */
function columnGrantsAgain(then: Unit, now: Unit): string[] {
  if ((then.kind !== 'table' && then.kind !== 'view') || (now.kind !== 'table' && now.kind !== 'view')) {
    return [];
  }
  const staying = new Set(now.object.columns.map(({ name }) => name));
  return then.object.columns
    .filter(({ name }) => staying.has(name))
    .flatMap((column) =>
      privilegeChanges({}, { grants: column.grants }, { on: nameOf(now.object), column: column.name }),
    );
}

function privilegesOf(one: Unit): Privileges {
  return one.object as Privileges;
}

function privilegeTarget(one: Unit): string | undefined {
  switch (one.kind) {
    case 'table':
    case 'view':
      return nameOf(one.object);
    case 'column':
      return nameOf(one.relation!);
    case 'sequence':
    case 'schema':
      return named(one);
    case 'routine':
      return named(one)
        .replace(/^aggregate /, 'function ')
        .replace('(*)', '()');
    case 'type':
      return `type ${nameOf(one.object)}`;
    case 'foreign data wrapper':
      return named(one);
    case 'foreign server':
      return `foreign ${named(one)}`;
    case 'other object':
      return one.object.kind === 'language' ? named(one) : undefined;
    default:
      return undefined;
  }
}

export function defaultPrivilegesPrefix({ role, schema }: DefaultPrivileges): string {
  const within = schema === undefined ? '' : ` in schema ${quoteIdentifier(schema)}`;
  return `alter default privileges for role ${quoteIdentifier(role)}${within}`;
}

const OBJECTS: Readonly<Record<string, DefaultPrivileges['objects']>> = {
  table: 'tables',
  view: 'tables',
  sequence: 'sequences',
  routine: 'functions',
  type: 'types',
  schema: 'schemas',
};

/** The privileges that the default privileges of `from` give to a new object. They change after all objects are made. */
function bornWith(one: Unit, scene: Scene): Privileges {
  const objects = OBJECTS[one.kind];
  const owner = ownerOf(one);
  const schema = 'schema' in one.object ? (one.object.schema as string) : undefined;
  const role = scene.role ?? owner;
  const given = scene.from.model.defaultPrivileges.filter(
    (rule) =>
      rule.objects === objects && rule.role === role && (rule.schema === undefined || rule.schema === schema),
  );
  return {
    grants: merged(given.flatMap(({ grants = [] }) => grants)),
    revokes: given.flatMap(({ revokes = [] }) => revokes),
  };
}

/** A role that is given something twice has the sum. */
function merged(grants: readonly Grant[]): Grant[] {
  const byGrantee = new Map<string, Grant>();
  for (const grant of grants) {
    const before = byGrantee.get(grant.grantee);
    byGrantee.set(
      grant.grantee,
      before ? { ...before, privileges: [...new Set([...before.privileges, ...grant.privileges])] } : grant,
    );
  }
  return [...byGrantee.values()];
}
