/** What is drawn beside the boxes: the frames around them, and the lines between them. */
import type { NameKey } from '../name-key.js';
import { xmlText } from '../xml.js';
import { drawLoop, drawWire } from './draw-line.js';
import { FRAME_TEXT, type Frame } from './island.js';
import { number } from './number.js';
import type { Picture } from './picture.js';

export function drawRelations({
  boxes,
  wires,
  loops,
  heights,
}: Pick<Picture, 'boxes' | 'wires' | 'loops' | 'heights'>): readonly string[] {
  const placed = new Map(boxes.map((box) => [box.box.entity.key, box]));
  const orders = new Map<NameKey, number>();
  return [
    ...wires.map((wire) =>
      drawWire(wire, placed.get(wire.relation.parent)!, placed.get(wire.relation.child)!),
    ),
    ...loops.map((relation) => {
      const order = orders.get(relation.child) ?? 0;
      orders.set(relation.child, order + 1);
      return drawLoop(relation, placed.get(relation.child)!, heights, order);
    }),
  ];
}

export function drawFrame({ label, x, y, width, height }: Frame): string {
  return `<rect class="fr" x="${number(x)}" y="${number(y)}" width="${number(width)}" height="${number(height)}" rx="8"/><text class="m k" x="${number(x + 12)}" y="${number(y + 21)}" font-size="${FRAME_TEXT}">${xmlText(label)}</text>`;
}
