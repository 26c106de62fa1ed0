/** How the use of an object by a statement is described. */
import type { ObjectType } from 'libpg-query';
import { objectTypeWords } from './command-tag.js';
import type { NodeBody } from './node.js';
import { type RelationName, relationOf, relationOfParts } from './relation-name.js';

/**
 * - `create`, `alter`, `drop`, `rename`: the object itself
 * - `refer`: named by a definition: a foreign key's target, a parent table, a trigger's table
 * - `read`, `write`: its rows
 */
export type ObjectAction = 'create' | 'alter' | 'drop' | 'rename' | 'refer' | 'read' | 'write';

export interface ObjectUse extends RelationName {
  readonly action: ObjectAction;
  /** In the words of SQL: `table`, `materialized view`, `column`; `relation` where the text leaves it open. */
  readonly kind: string;
  /** The relation that a column, constraint, index, trigger, policy or rule belongs to. */
  readonly of?: RelationName;
  /** Its name afterwards, under `rename`, and its schema afterwards, under `alter … set schema`. */
  readonly newName?: string;
  readonly newSchema?: string;
  /** `if exists` or `if not exists` stands there. */
  readonly conditional?: boolean;
  /** `or replace` stands there. */
  readonly replaces?: boolean;
  readonly cascade?: boolean;
  readonly concurrently?: boolean;
}

/** What else there is to say about a use. */
export type Extra = Partial<Omit<ObjectUse, 'action' | 'kind' | 'schema' | 'name'>>;

export function objectUse(
  action: ObjectAction,
  kind: string,
  name: RelationName,
  extra: Extra = {},
): ObjectUse {
  return { action, kind, schema: name.schema, name: name.name, ...extra };
}

export function oneUse(
  action: ObjectAction,
  kind: string,
  name: RelationName,
  extra: Extra = {},
): readonly ObjectUse[] {
  return [objectUse(action, kind, name, extra)];
}

/** A part of a relation: its column, constraint, trigger. */
export function partUse(
  action: ObjectAction,
  kind: string,
  of: RelationName,
  name: string | undefined,
  extra: Extra = {},
): ObjectUse {
  return objectUse(action, kind, { schema: undefined, name: name ?? '' }, { of, ...extra });
}

export function unqualifiedName(name: string | undefined): RelationName {
  return { schema: undefined, name: name ?? '' };
}

export function referredTable(
  rangeVar: NodeBody<'RangeVar'> | undefined,
  kind = 'table',
): readonly ObjectUse[] {
  return rangeVar === undefined ? [] : oneUse('refer', kind, relationOf(rangeVar));
}

export function kindOf(type: ObjectType | undefined): string {
  switch (type) {
    case 'OBJECT_COLUMN':
      return 'column';
    case 'OBJECT_ATTRIBUTE':
      return 'attribute';
    case 'OBJECT_TABCONSTRAINT':
    case 'OBJECT_DOMCONSTRAINT':
      return 'constraint';
    default:
      return objectTypeWords(type).toLowerCase();
  }
}

const PARTS_OF_RELATIONS: ReadonlySet<string> = new Set([
  'column',
  'constraint',
  'trigger',
  'policy',
  'rule',
]);

/** An object by its name's parts; that of a relation's part begins with the relation's. */
export function ofObject(
  action: ObjectAction,
  type: ObjectType | undefined,
  parts: readonly string[],
  extra: Extra = {},
): ObjectUse {
  const kind = kindOf(type);
  return PARTS_OF_RELATIONS.has(kind)
    ? partUse(action, kind, relationOfParts(parts.slice(0, -1)), parts.at(-1), extra)
    : objectUse(action, kind, relationOfParts(parts), extra);
}
