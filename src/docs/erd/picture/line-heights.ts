import type { Relation } from '../relation.js';
import { type Box, rowMiddle } from './box.js';

/** How far from a row's middle lines meet it where two kinds of ends would cover each other. */
const APART = 5;

export interface LineHeights {
  /** The height at which a relation's line leaves its parent, from the box's top. */
  readonly ofParent: (relation: Relation, box: Box) => number;
  /** The height at which it meets its child: the last column of its key, which is its own where keys share columns. */
  readonly ofChild: (relation: Relation, box: Box) => number;
}

/** Whole numbers of pixels. Lines that must have a parent and lines that need not meet it at heights of their own. */
export function lineHeights(relations: readonly Relation[]): LineHeights {
  const endsAt = new Map<string, Set<string>>();
  for (const relation of relations) {
    endsAt.set(placeOf(relation), (endsAt.get(placeOf(relation)) ?? new Set()).add(relation.parentEnd));
  }
  return {
    ofParent: (relation, box) => {
      const middle = Math.floor(rowMiddle(box, relation.foreignKey.references.columns.at(-1)));
      const isShared = endsAt.get(placeOf(relation))?.size === 2;
      return isShared ? middle + (relation.parentEnd === 'one' ? -APART : APART) : middle;
    },
    ofChild: ({ foreignKey }, box) => Math.floor(rowMiddle(box, foreignKey.columns.at(-1))),
  };
}

function placeOf({ parent, foreignKey }: Relation): string {
  return `${parent}\0${foreignKey.references.columns.at(-1)}`;
}
