/** Parse-tree nodes as the parser gives them: objects with one key, the node's type. */
import type { Node } from 'libpg-query';

type KeyOf<Union> = Union extends Union ? keyof Union : never;

/** The name of a node type: `CreateStmt`, `RangeVar`. */
export type NodeName = KeyOf<Node>;

/** What a node of type `Name` holds. Fields that are zero, false or empty are left out by the parser. */
export type NodeBody<Name extends NodeName> = Extract<Node, Record<Name, unknown>>[Name];

export function nodeName(node: Node): NodeName {
  return Object.keys(node)[0] as NodeName;
}

/** What `node` holds if it is of type `name`. */
export function bodyOf<Name extends NodeName>(
  node: Node | undefined,
  name: Name,
): NodeBody<Name> | undefined {
  return (node as Partial<Record<Name, NodeBody<Name>>> | undefined)?.[name];
}

/** The strings of a list of `String` nodes: the parts of a qualified name. */
export function namesOf(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => bodyOf(node, 'String')?.sval ?? []);
}
