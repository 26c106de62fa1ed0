/** What the statements call an object: `drop …`, `comment on …`, `alter … owner to`. */
import type { OtherObject, Routine, Table, View } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import type { Unit } from '../unit.js';
import { lowerKeywords } from './keywords.js';

/** The kind and the name: `table app.users`, `constraint users_pk on app.users`, `function app.add(integer)`. */
export function named(one: Unit): string {
  switch (one.kind) {
    case 'schema':
    case 'extension':
    case 'event trigger':
    case 'foreign data wrapper':
    case 'publication':
      return `${one.kind} ${quoteIdentifier(one.object.name)}`;
    case 'foreign server':
      return `server ${quoteIdentifier(one.object.name)}`;
    case 'type':
      return `${one.object.kind === 'domain' ? 'domain' : 'type'} ${qualifiedName(one.object.schema, one.object.name)}`;
    case 'sequence':
      return `sequence ${qualifiedName(one.object.schema, one.object.name)}`;
    case 'table':
    case 'view':
      return relationNamed(one.object);
    case 'column':
    case 'default':
      return `column ${qualifiedName(...one.path)}`;
    case 'index':
      return `index ${qualifiedName(one.relation!.schema, one.object.name)}`;
    case 'constraint':
    case 'trigger':
    case 'policy':
    case 'rule':
      return `${one.kind} ${quoteIdentifier(one.object.name)} on ${nameOf(one.relation!)}`;
    case 'statistics':
      return `statistics ${qualifiedName(one.object.schema, one.object.name)}`;
    case 'routine':
      return routineNamed(one.object);
    case 'other object':
      return otherNamed(one.object);
    default:
      return one.path.join('.');
  }
}

export function nameOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return qualifiedName(schema, name);
}

/** The words of `alter`, `drop` and `comment on`: `table`, `foreign table`, `view`, `materialized view`; `only` leaves the tables below as they are. */
export function relationNamed(relation: Table | View, only = false): string {
  const kind = relation.kind === 'table' && relation.foreign ? 'foreign table' : relation.kind;
  return `${kind} ${only ? 'only ' : ''}${nameOf(relation)}`;
}

const ROUTINE_WORDS = {
  function: 'function',
  procedure: 'procedure',
  aggregate: 'aggregate',
  'window function': 'function',
} as const;

function routineNamed(routine: Routine): string {
  const args =
    routine.kind === 'aggregate' && routine.arguments === '' ? '*' : lowerKeywords(routine.arguments);
  return `${ROUTINE_WORDS[routine.kind]} ${nameOf(routine)}(${args})`;
}

function otherNamed({ kind, identity }: OtherObject): string {
  switch (kind) {
    case 'transform':
      return `transform ${identity.replace(/ on language /, ' language ')}`;
    default:
      return `${kind} ${lowerKeywords(identity)}`;
  }
}
