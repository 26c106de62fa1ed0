import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import type { Inventory } from '../inventory.js';
import type { Decisions } from '../scene.js';
import type { Unit } from '../unit.js';
import { named, nameOf, relationNamed } from './named.js';
import { defaultPrivilegesPrefix } from './ownership.js';
import { privilegeChanges } from './privileges.js';
import { publishedName } from './publication.js';

/** The statements that take a unit away. */
export function dropUnit(one: Unit, from: Inventory, { isForAll }: Pick<Decisions, 'isForAll'>): string[] {
  switch (one.kind) {
    case 'column':
      return [`alter ${relationNamed(one.relation!)}\n  drop column ${quoteIdentifier(one.object.name)}`];
    case 'constraint':
      return [`alter ${relationNamed(one.relation!)}\n  drop constraint ${quoteIdentifier(one.object.name)}`];
    case 'default':
      return [
        `alter ${relationNamed(one.relation!, !isForAll(one.key, 'from'))}\n  alter column ${quoteIdentifier(one.path[2]!)} drop default`,
      ];
    case 'ownership':
      return [`alter sequence ${nameOf(one.object.sequence)}\n  owned by none`];
    case 'attachment':
      return [`alter table ${nameOf(one.object)}\n  detach partition ${nameOf(one.relation!)}`];
    case 'inheritance':
      return one.object.parents.map(
        (parent) => `alter ${relationNamed(one.relation!)}\n  no inherit ${nameOf(parent)}`,
      );
    case 'published table':
      return [
        `alter publication ${quoteIdentifier(one.object.publication)}\n  drop table ${publishedName(one.object.table, from)}`,
      ];
    case 'published schema':
      return [
        `alter publication ${quoteIdentifier(one.object.publication)}\n  drop tables in schema ${quoteIdentifier(one.object.schema)}`,
      ];
    case 'user mapping':
      return [
        `drop user mapping for ${roleOf(one.object.user)} server ${quoteIdentifier(one.object.server)}`,
      ];
    case 'default privileges':
      return privilegeChanges(
        one.object,
        {},
        { on: one.object.objects, prefix: defaultPrivilegesPrefix(one.object) },
      );
    case 'backing index':
      return [];
    default:
      return [`drop ${named(one)}`];
  }
}

export function roleOf(role: string): string {
  return role === 'public' ? 'public' : quoteIdentifier(role);
}

/** A type that columns still have makes room for the new one under another name. */
export function setAside(one: Unit<'type'>, name: string): string[] {
  const type = one.object;
  const rename = `alter type ${nameOf(type)}\n  rename to ${quoteIdentifier(name)}`;
  return type.kind === 'range'
    ? [
        rename,
        `alter type ${qualifiedName(type.schema, type.multirange)}\n  rename to ${quoteIdentifier(`${name}_multirange`)}`,
      ]
    : [rename];
}
