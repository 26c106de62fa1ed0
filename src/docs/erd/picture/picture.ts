/**
 * A whole picture, placed: connected parts are laid out one by one and packed onto a page, so that tables without
 * relations fill gaps instead of making one endless column.
 */
import type { Graphviz } from '@hpcc-js/wasm-graphviz';
import type { Diagram } from '../diagram.js';
import type { Relation } from '../relation.js';
import { type Box, boxesOf, type Detail } from './box.js';
import { components } from './components.js';
import {
  FRAME_LABEL,
  FRAME_PAD,
  FRAME_TEXT,
  type Frame,
  type Island,
  layOut,
  type PlacedBox,
  rightMargin,
  type Wire,
} from './island.js';
import { type LineHeights, lineHeights } from './line-heights.js';
import { wordTest } from './lines.js';
import { pack, type Rectangle } from './pack.js';
import { textWidth } from './text-width.js';

export interface Picture extends Rectangle {
  readonly detail: Detail;
  readonly boxes: readonly PlacedBox[];
  readonly wires: readonly Wire[];
  readonly frames: readonly Frame[];
  /** Relations of a table with itself. */
  readonly loops: readonly Relation[];
  readonly heights: LineHeights;
  /** Relations told in words. */
  readonly links: readonly Relation[];
}

const GAP = 34;
const SMALL_GAP = 14;

/** @throws DOCS_LAYOUT_FAILED */
export function pictureOf(graphviz: Graphviz, diagram: Diagram, detail: Detail): Picture {
  const isLink = wordTest(diagram, detail);
  const links = diagram.relations.filter(isLink);
  const loops = diagram.relations.filter(({ child, parent }) => child === parent);
  const lines = diagram.relations.filter(
    (relation) => !isLink(relation) && relation.child !== relation.parent,
  );
  const selfReferring = new Set(loops.map(({ child }) => child));
  const heights = lineHeights([...lines, ...loops]);
  const boxes = boxesOf(diagram, detail, isLink);
  const withFrames = new Set(boxes.map(({ entity }) => entity.group)).size > 1;
  const parts = components(
    boxes,
    lines.map(({ child, parent }) => [boxOf(boxes, child), boxOf(boxes, parent)] as const),
  );
  const islands = parts.map((part) => {
    const keys = new Set(part.map(({ entity }) => entity.key));
    const relations = lines.filter(({ child }) => keys.has(child));
    const crosses = new Set(part.map(({ entity }) => entity.group)).size > 1;
    return part.length === 1
      ? singleIsland(part[0]!, selfReferring)
      : layOut(graphviz, {
          ...{ boxes: part, relations, selfReferring, heights },
          ...{ withFrames: crosses, isCompact: detail === 'names' },
        });
  });
  const gap = detail === 'names' ? SMALL_GAP : GAP;
  return { detail, ...joined(withFrames ? inFrames(islands, gap) : islands, gap), loops, heights, links };
}

function boxOf(boxes: readonly Box[], key: string): Box {
  return boxes.find(({ entity }) => entity.key === key)!;
}

/** What lies within one group, in one frame a group; what connects groups has its frames inside. */
function inFrames(islands: readonly Island[], gap: number): readonly Island[] {
  const groups = new Map<string, Island[]>();
  for (const island of islands.filter(({ frames }) => frames.length === 0)) {
    const { group } = island.boxes[0]!.box.entity;
    groups.set(group, [...(groups.get(group) ?? []), island]);
  }
  return [
    ...islands.filter(({ frames }) => frames.length > 0),
    ...[...groups].map(([name, members]) => framed(name, joined(members, gap))),
  ];
}

function singleIsland(box: Box, selfReferring: ReadonlySet<string>): Island {
  return {
    width: box.width + (selfReferring.has(box.entity.key) ? rightMargin(box.entity.key, selfReferring) : 0),
    height: box.height,
    boxes: [{ box, x: 0, y: 0 }],
    wires: [],
    frames: [],
  };
}

function framed(label: string, inside: Island): Island {
  const width = Math.max(inside.width, textWidth(label, FRAME_TEXT, 'bold')) + 2 * FRAME_PAD;
  const height = inside.height + FRAME_LABEL + 2 * FRAME_PAD;
  const moved = moveIsland(inside, FRAME_PAD, FRAME_LABEL + FRAME_PAD);
  return { ...moved, width, height, frames: [{ label, x: 0, y: 0, width, height }] };
}

function joined(islands: readonly Island[], gap: number): Island {
  const places = pack(islands, gap);
  const moved = islands.map((island, index) => moveIsland(island, places[index]!.x, places[index]!.y));
  return {
    width: Math.max(0, ...islands.map(({ width }, index) => places[index]!.x + width)),
    height: Math.max(0, ...islands.map(({ height }, index) => places[index]!.y + height)),
    boxes: moved.flatMap(({ boxes }) => boxes),
    wires: moved.flatMap(({ wires }) => wires),
    frames: moved.flatMap(({ frames }) => frames),
  };
}

function moveIsland(island: Island, dx: number, dy: number): Island {
  const move = <T extends { readonly x: number; readonly y: number }>(thing: T): T => ({
    ...thing,
    x: thing.x + dx,
    y: thing.y + dy,
  });
  return {
    ...island,
    boxes: island.boxes.map(move),
    wires: island.wires.map((wire) => ({ ...wire, spline: wire.spline.map(move) })),
    frames: island.frames.map(move),
  };
}
