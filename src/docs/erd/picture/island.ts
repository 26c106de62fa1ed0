/**
 * Places the boxes of one connected part of a diagram, and the lines between them: Graphviz's `dot` decides where,
 * nothing of its look is taken. Referenced tables are left of those that refer to them. A box lies in a node with
 * a margin on either side, so that there is room for the ends of the lines.
 */
import type { Graphviz } from '@hpcc-js/wasm-graphviz';
import { DOCS_ERRORS } from '../../errors.js';
import type { NameKey } from '../name-key.js';
import type { Relation } from '../relation.js';
import { visible } from '../visible.js';
import type { Box } from './box.js';
import type { LineHeights } from './line-heights.js';
import type { Place, Rectangle } from './pack.js';
import { textWidth } from './text-width.js';

export interface PlacedBox extends Place {
  readonly box: Box;
}

/** A relation as a line: a Bézier spline between the margins of two boxes. */
export interface Wire {
  readonly relation: Relation;
  /** 3n + 1 points, from the parent's side to the child's. */
  readonly spline: readonly Place[];
}

/** A frame around boxes of one group. */
export interface Frame extends Place, Rectangle {
  readonly label: string;
}

export interface Island extends Rectangle {
  readonly boxes: readonly PlacedBox[];
  readonly wires: readonly Wire[];
  readonly frames: readonly Frame[];
}

/** The room for the end of a line, left and right of a box; and right of a box that refers to itself. */
const MARGIN = 18;
export const SELF_MARGIN = 44;
/** The room for a frame's name, and inside it around its boxes. */
export const FRAME_LABEL = 26;
export const FRAME_PAD = 14;
export const FRAME_TEXT = 13;

export interface IslandRequest {
  readonly boxes: readonly Box[];
  /** Lines between different boxes of these. */
  readonly relations: readonly Relation[];
  /** Boxes that have lines to themselves. */
  readonly selfReferring: ReadonlySet<NameKey>;
  readonly heights: LineHeights;
  readonly withFrames: boolean;
  readonly isCompact: boolean;
}

/** @throws DOCS_LAYOUT_FAILED when Graphviz gives up */
export function layOut(graphviz: Graphviz, request: IslandRequest): Island {
  const source = dotSource(request);
  let layout: DotLayout;
  try {
    layout = JSON.parse(graphviz.layout(source, 'json', 'dot')) as DotLayout;
  } catch (cause) {
    throw DOCS_ERRORS.LAYOUT_FAILED({
      message: `Cannot place ${request.boxes.length} tables in a diagram: Graphviz ${cause instanceof Error ? cause.message : 'failed'}`,
      cause,
    });
  }
  return islandOf(request, layout);
}

/** The room right of a box. */
export function rightMargin(key: NameKey, selfReferring: ReadonlySet<NameKey>): number {
  return selfReferring.has(key) ? SELF_MARGIN : MARGIN;
}

function dotSource(request: IslandRequest): string {
  const { boxes, relations, heights, withFrames, isCompact } = request;
  const index = new Map(boxes.map(({ entity }, position) => [entity.key, position]));
  const lengths = leafDistances(relations);
  const groups = [...new Set(boxes.map(({ entity }) => entity.group))];
  const nodes = (group: string) =>
    boxes
      .map((box, position) => (box.entity.group === group ? nodeText(box, position, request) : ''))
      .join('');
  return [
    'digraph {',
    `graph [rankdir=LR, ${isCompact ? 'nodesep=0.14, ranksep=0.7' : 'nodesep=0.3, ranksep=0.8'}, ${EFFORT}];`,
    'node [shape=plain]; edge [dir=none];',
    ...groups.map((group, position) =>
      withFrames
        ? `subgraph cluster_${position} { margin=${FRAME_PAD}; labeljust=l; label=<${cellTable(
            `<TR>${cell(Math.ceil(textWidth(visible(group), FRAME_TEXT, 'bold')), FRAME_LABEL - 8)}</TR>`,
          )}>; ${nodes(group)} }`
        : nodes(group),
    ),
    ...relations.map((relation, position) => {
      const parent = index.get(relation.parent)!;
      const child = index.get(relation.child)!;
      const tail = `${parent}:p${heights.ofParent(relation, boxes[parent]!)}:e`;
      const head = `${child}:p${heights.ofChild(relation, boxes[child]!)}:w`;
      return `${tail} -> ${head} [id=${position}, minlen=${lengths.get(relation) ?? 1}];`;
    }),
    '}',
  ].join('\n');
}

/** Bounds on Graphviz's search, for diagrams of hundreds of tables; smaller ones end before. */
const EFFORT = 'nslimit=4, nslimit1=4, mclimit=1';

/**
 * Tables with one line only would stand in one high column beside the table that they refer to: they are put into
 * several columns.
 */
function leafDistances(relations: readonly Relation[]): ReadonlyMap<Relation, number> {
  const degree = new Map<NameKey, number>();
  for (const { child, parent } of relations) {
    degree.set(child, (degree.get(child) ?? 0) + 1);
    degree.set(parent, (degree.get(parent) ?? 0) + 1);
  }
  const leaves = new Map<NameKey, Relation[]>();
  for (const relation of relations.filter(({ child }) => degree.get(child) === 1)) {
    leaves.set(relation.parent, [...(leaves.get(relation.parent) ?? []), relation]);
  }
  const distances = new Map<Relation, number>();
  for (const siblings of leaves.values()) {
    const columns = Math.min(4, Math.ceil(siblings.length / 5));
    siblings.forEach((relation, position) => {
      distances.set(relation, 1 + (position % columns));
    });
  }
  return distances;
}

function nodeText(box: Box, position: number, { selfReferring, relations, heights }: IslandRequest): string {
  const width = MARGIN + box.width + rightMargin(box.entity.key, selfReferring);
  const middles = new Set<number>();
  for (const relation of relations) {
    if (relation.parent === box.entity.key) middles.add(heights.ofParent(relation, box));
    if (relation.child === box.entity.key) middles.add(heights.ofChild(relation, box));
  }
  return `${position} [label=<${cellTable(portRows([...middles], width, box.height))}>];\n`;
}

/** Rows of cells of which those with a port have it in their middle. */
function portRows(middles: number[], width: number, height: number): string {
  const rows: string[] = [];
  let top = 0;
  for (const middle of middles.sort((a, b) => a - b)) {
    if (middle - PORT_HALF > top) {
      rows.push(`<TR>${cell(width, middle - PORT_HALF - top)}</TR>`);
    }
    rows.push(`<TR>${cell(width, 2 * PORT_HALF, ` PORT="p${middle}"`)}</TR>`);
    top = middle + PORT_HALF;
  }
  if (height > top) {
    rows.push(`<TR>${cell(width, height - top)}</TR>`);
  }
  return rows.join('');
}

const PORT_HALF = 2;

function cellTable(rows: string): string {
  return `<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">${rows}</TABLE>`;
}

function cell(width: number, height: number, port = ''): string {
  return `<TD FIXEDSIZE="TRUE" WIDTH="${width}" HEIGHT="${height}"${port}></TD>`;
}

interface DotLayout {
  readonly bb: string;
  readonly objects?: readonly { readonly name: string; readonly pos?: string; readonly bb?: string }[];
  readonly edges?: readonly { readonly id: string; readonly pos: string }[];
}

function islandOf({ boxes, relations, selfReferring, withFrames }: IslandRequest, layout: DotLayout): Island {
  const [, , width, height] = numbers(layout.bb) as [number, number, number, number];
  const place = (x: number, y: number): Place => ({ x, y: height - y });
  const objects = new Map((layout.objects ?? []).map((object) => [object.name, object]));
  const groups = [...new Set(boxes.map(({ entity }) => entity.group))];
  return {
    width,
    height,
    boxes: boxes.map((box, position) => {
      const [x, y] = numbers(objects.get(String(position))!.pos!) as [number, number];
      const nodeWidth = MARGIN + box.width + rightMargin(box.entity.key, selfReferring);
      const middle = place(x, y);
      return { box, x: middle.x - nodeWidth / 2 + MARGIN, y: middle.y - box.height / 2 };
    }),
    wires: (layout.edges ?? []).map(({ id, pos }) => ({
      relation: relations[Number(id)]!,
      spline: straightened(pos.split(' ').map((point) => place(...(numbers(point) as [number, number])))),
    })),
    frames: withFrames
      ? groups.map((label, position) => {
          const [left, bottom, right, top] = numbers(objects.get(`cluster_${position}`)!.bb!) as Corners;
          return { label, ...place(left, top), width: right - left, height: top - bottom };
        })
      : [],
  };
}

/** Graphviz rounds: a line that is level but for a pixel looks like a mistake. */
function straightened(spline: readonly Place[]): readonly Place[] {
  const { y } = spline[0]!;
  const isLevel = spline.every((point) => Math.abs(point.y - y) < LEVEL);
  return isLevel ? spline.map(({ x }) => ({ x, y })) : spline;
}

const LEVEL = 1.5;

type Corners = [number, number, number, number];

function numbers(text: string): readonly number[] {
  return text.split(',').map(Number);
}
