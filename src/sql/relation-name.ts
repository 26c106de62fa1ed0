/** Names of tables and their like as a statement writes them. */
import type { Node } from 'libpg-query';
import { bodyOf, type NodeBody, namesOf } from './node.js';

/** A relation: a table, view, materialized view, index, sequence or foreign table. */
export interface RelationName {
  /** `undefined` where the statement leaves it to the search path. */
  readonly schema: string | undefined;
  readonly name: string;
}

export function relationOf(rangeVar: NodeBody<'RangeVar'> | undefined): RelationName {
  return { schema: rangeVar?.schemaname, name: rangeVar?.relname ?? '' };
}

/** The relation that a list of `RangeVar` nodes names, one each. */
export function relationsOf(nodes: readonly Node[] | undefined): readonly RelationName[] {
  return (nodes ?? []).flatMap((node) => {
    const rangeVar = bodyOf(node, 'RangeVar');
    return rangeVar === undefined ? [] : [relationOf(rangeVar)];
  });
}

/** The relation of a name in parts: the last is its name, the one before it its schema. */
export function relationOfParts(parts: readonly string[]): RelationName {
  return { schema: parts.at(-2), name: parts.at(-1) ?? '' };
}

/** The parts of a name in any of the forms that `drop` and `comment` use: strings, a type, a function. */
export function partsOf(node: Node | undefined): readonly string[] {
  const single = bodyOf(node, 'String')?.sval;
  return single === undefined
    ? namesOf(
        bodyOf(node, 'List')?.items ??
          bodyOf(node, 'TypeName')?.names ??
          bodyOf(node, 'ObjectWithArgs')?.objname,
      )
    : [single];
}

/** Equal as written: a name without a schema equals only another without one. */
export function isSameRelation(one: RelationName, other: RelationName): boolean {
  return one.name === other.name && one.schema === other.schema;
}
