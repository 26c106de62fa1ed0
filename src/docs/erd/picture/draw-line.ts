import type { Relation } from '../relation.js';
import { xmlText } from '../xml.js';
import { lineEnd } from './draw-ends.js';
import { type PlacedBox, SELF_MARGIN, type Wire } from './island.js';
import type { LineHeights } from './line-heights.js';
import { number } from './number.js';
import type { Place } from './pack.js';

/** A relation's line, from the right side of the parent to the left side of the child. */
export function drawWire({ relation, spline }: Wire, parent: PlacedBox, child: PlacedBox): string {
  const first = spline[0]!;
  const last = spline.at(-1)!;
  const start = { x: parent.x + parent.box.width, y: first.y };
  const end = { x: child.x, y: last.y };
  const curves = [];
  for (let index = 1; index < spline.length; index += 3) {
    curves.push(`C${[0, 1, 2].map((offset) => point(spline[index + offset]!)).join(' ')}`);
  }
  return drawn(
    relation,
    `M${point(start)}L${point(first)}${curves.join('')}L${point(end)}`,
    lineEnd(start.x, start.y, relation.parentEnd, 1) + lineEnd(end.x, end.y, relation.childEnd, -1),
  );
}

/** A relation of a table with itself: a loop on the right side; `order` tells apart loops of one table. */
export function drawLoop(
  relation: Relation,
  { box, x, y }: PlacedBox,
  heights: LineHeights,
  order: number,
): string {
  const from = y + heights.ofParent(relation, box);
  const to = y + heights.ofChild(relation, box);
  const isFlat = Math.abs(to - from) < 12;
  const [parentY, childY] = isFlat ? [from - 6, from + 6] : [from, to];
  const side = x + box.width;
  const turn = side + SELF_MARGIN - 14 - Math.min(order, 2) * 5;
  const bend = childY > parentY ? 5 : -5;
  const path = `M${number(side)} ${number(parentY)}H${number(turn - 5)}Q${number(turn)} ${number(parentY)} ${number(turn)} ${number(parentY + bend)}V${number(childY - bend)}Q${number(turn)} ${number(childY)} ${number(turn - 5)} ${number(childY)}H${number(side)}`;
  return drawn(
    relation,
    path,
    lineEnd(side, parentY, relation.parentEnd, 1) + lineEnd(side, childY, relation.childEnd, 1),
  );
}

function drawn(relation: Relation, path: string, ends: string): string {
  const { columns, references, name } = relation.foreignKey;
  const title = `${name}: (${columns.join(', ')}) → ${references.table} (${references.columns.join(', ')})`;
  const kind = relation.isIdentifying ? 'w' : 'w d';
  return `<g class="x" data-fk="${xmlText(name)}"><title>${xmlText(title)}</title><path class="${kind}" d="${path}"/>${ends}</g>`;
}

function point({ x, y }: Place): string {
  return `${number(x)} ${number(y)}`;
}
