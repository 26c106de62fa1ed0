/**
 * A table among its neighbours: what it refers to on the left, what refers to it on the right. Where each goes is
 * plain, so that nothing has to be searched for: hundreds of these are placed in the time of one larger picture. A
 * table that stands on both sides is drawn on both.
 */
import type { Diagram, Entity } from '../diagram.js';
import type { NameKey } from '../name-key.js';
import type { Relation } from '../relation.js';
import { type Box, boxesOf, rowMiddle, SIZES } from './box.js';
import type { PlacedBox, Wire } from './island.js';
import { type LineHeights, lineHeights } from './line-heights.js';
import type { Place, Rectangle } from './pack.js';

export interface Star extends Rectangle {
  readonly centre: PlacedBox;
  readonly neighbours: readonly PlacedBox[];
  readonly spokes: readonly Spoke[];
  /** Relations of the table with itself. */
  readonly loops: readonly Relation[];
  readonly heights: LineHeights;
  /** How many neighbours there was no room for. */
  readonly hidden: number;
}

export interface Spoke {
  readonly wire: Wire;
  readonly parent: PlacedBox;
  readonly child: PlacedBox;
}

/** The most neighbours of a side, and the most that show their columns. */
const MOST = 24;
const MOST_WITH_COLUMNS = 8;

/** Between the columns of boxes, and between boxes. */
const REACH = 104;
const GAP = 14;
/** The room for a line's end. */
const END = 18;

/** A maker of the stars of a diagram, by the keys of its tables; nothing for a table without relations. */
export function starsOf({ entities, relations }: Diagram): (key: NameKey) => Star | undefined {
  const byKey = new Map(entities.map((entity) => [entity.key, entity]));
  const related = new Map<NameKey, Relation[]>();
  for (const relation of relations) {
    for (const key of new Set([relation.child, relation.parent])) {
      const list = related.get(key) ?? [];
      list.push(relation);
      related.set(key, list);
    }
  }
  return (key) => starOf(key, related.get(key) ?? [], byKey);
}

function starOf(
  key: NameKey,
  relations: readonly Relation[],
  byKey: ReadonlyMap<NameKey, Entity>,
): Star | undefined {
  const outgoing = relations.filter(({ child, parent }) => child === key && parent !== key);
  const incoming = relations.filter(({ child, parent }) => parent === key && child !== key);
  const loops = relations.filter(({ child, parent }) => child === key && parent === key);
  if (relations.length === 0 || !byKey.has(key)) {
    return undefined;
  }
  const heights = lineHeights([...outgoing, ...incoming, ...loops]);
  const centre = boxesOf({ entities: [byKey.get(key)!], relations: [] }, 'keys', () => false)[0]!;
  const rowOf = ({ foreignKey }: Relation) => rowMiddle(centre, foreignKey.columns.at(-1));
  const parents = sideOf(
    [...outgoing].sort((a, b) => rowOf(a) - rowOf(b)),
    ({ parent }) => parent,
    byKey,
  );
  const children = sideOf(incoming, ({ child }) => child, byKey);
  const height = Math.max(centre.height, heightOf(parents.boxes), heightOf(children.boxes));
  const leftWidth = widthOf(parents.boxes);
  const centreX = parents.boxes.length === 0 ? 0 : leftWidth + REACH;
  const rightX = centreX + centre.width + REACH;
  const middle: PlacedBox = { box: centre, x: centreX, y: (height - centre.height) / 2 };
  const left = stacked(parents.boxes, height, (box) => leftWidth - box.width);
  const right = stacked(children.boxes, height, () => rightX);
  const loopRoom = loops.length > 0 ? 44 : 0;
  return {
    width: children.boxes.length === 0 ? centreX + centre.width + loopRoom : rightX + widthOf(children.boxes),
    height,
    centre: middle,
    neighbours: [...left.values(), ...right.values()],
    spokes: [
      ...outgoing.flatMap((relation) => spoke(relation, left.get(relation.parent), middle, heights)),
      ...incoming.flatMap((relation) => spoke(relation, middle, right.get(relation.child), heights)),
    ],
    loops,
    heights,
    hidden: parents.hidden + children.hidden,
  };
}

interface Side {
  readonly boxes: readonly Box[];
  readonly hidden: number;
}

/** The boxes of one side, each table once, with the columns that take part. */
function sideOf(
  relations: readonly Relation[],
  neighbourOf: (relation: Relation) => NameKey,
  entities: ReadonlyMap<NameKey, Entity>,
): Side {
  const keys = [...new Set(relations.map(neighbourOf))];
  const isDetailed = keys.length <= MOST_WITH_COLUMNS;
  const shown = keys.slice(0, MOST).map((key): Entity => {
    const entity = entities.get(key)!;
    const columns = new Set(
      relations
        .filter((relation) => neighbourOf(relation) === key)
        .flatMap(({ child, foreignKey }) =>
          child === key ? foreignKey.columns : foreignKey.references.columns,
        ),
    );
    return { ...entity, columns: entity.columns.filter(({ name }) => columns.has(name)) };
  });
  return {
    boxes: boxesOf({ entities: shown, relations: [] }, isDetailed ? 'columns' : 'names', () => false),
    hidden: keys.length - shown.length,
  };
}

function spoke(
  relation: Relation,
  parent: PlacedBox | undefined,
  child: PlacedBox | undefined,
  heights: LineHeights,
): readonly Spoke[] {
  if (parent === undefined || child === undefined) {
    return [];
  }
  const start: Place = {
    x: parent.x + parent.box.width + END,
    y: parent.y + heights.ofParent(relation, parent.box),
  };
  const end: Place = { x: child.x - END, y: child.y + heights.ofChild(relation, child.box) };
  const bend = (end.x - start.x) / 2;
  const spline = [start, { x: start.x + bend, y: start.y }, { x: end.x - bend, y: end.y }, end];
  return [{ wire: { relation, spline }, parent, child }];
}

/** Boxes in a column, in the middle of a height. */
function stacked(
  boxes: readonly Box[],
  height: number,
  leftOf: (box: Box) => number,
): ReadonlyMap<NameKey, PlacedBox> {
  let y = (height - heightOf(boxes)) / 2;
  return new Map(
    boxes.map((box) => {
      const placed = { box, x: leftOf(box), y };
      y += box.height + GAP;
      return [box.entity.key, placed];
    }),
  );
}

function heightOf(boxes: readonly Box[]): number {
  return boxes.reduce((sum, { height }) => sum + height, Math.max(0, boxes.length - 1) * GAP);
}

function widthOf(boxes: readonly Box[]): number {
  return Math.max(SIZES.pad, ...boxes.map(({ width }) => width));
}
