import type { Diagram } from '../diagram.js';
import type { NameKey } from '../name-key.js';
import type { Relation } from '../relation.js';
import type { Detail } from './box.js';

/** The most tables that refer to one by lines, by what is shown of tables. */
const MOST_CHILDREN: Readonly<Record<Detail, number>> = { columns: 8, keys: 8, names: 6 };

/** The most lines of a picture: beyond, neither eyes nor Graphviz find their way. */
const MOST_LINES = 250;

/** In diagrams of up to this many tables every relation is a line. */
const SMALL_DIAGRAM = 12;

/**
 * Which relations are told in words instead of lines: those to a table that many others refer to, as they do to
 * tenants and users, and in overviews those between groups. Fifty lines to one box would hide all others, and tell
 * no more than the box's name. Where too many lines are left, fewer may go to one table.
 */
export function wordTest({ entities, relations }: Diagram, detail: Detail): (relation: Relation) => boolean {
  if (entities.length <= SMALL_DIAGRAM) {
    return () => false;
  }
  const groups = new Map(entities.map(({ key, group }) => [key, group]));
  const children = new Map<NameKey, Set<NameKey>>();
  for (const { parent, child } of relations) {
    children.set(parent, (children.get(parent) ?? new Set()).add(child));
  }
  const isWord =
    (mostChildren: number) =>
    ({ parent, child }: Relation): boolean =>
      parent !== child &&
      (children.get(parent)!.size > mostChildren ||
        (detail === 'names' && groups.get(parent) !== groups.get(child)));
  let most = MOST_CHILDREN[detail];
  while (most > 0 && relations.filter((relation) => !isWord(most)(relation)).length > MOST_LINES) {
    most -= 1;
  }
  return isWord(most);
}
