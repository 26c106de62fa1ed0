/** The ends of lines in crow's-foot notation, between a box and the line's margin. */
import type { Cardinality } from '../relation.js';
import { number } from './number.js';

/** The room that an end takes beside a box, in pixels. */
const REACH = 16;

/** The end at a box's side; `direction` is 1 where the line leaves to the right, -1 to the left. */
export function lineEnd(x: number, y: number, cardinality: Cardinality, direction: 1 | -1): string {
  const at = (distance: number) => number(x + direction * distance);
  const bar = (distance: number) => `M${at(distance)} ${number(y - 5)}v10`;
  switch (cardinality) {
    case 'one':
      return `<path class="e" d="${bar(6)}${bar(10)}"/>`;
    case 'zero or one':
      return `<path class="e" d="${bar(6)}"/>${ring(at(12), y)}`;
    case 'zero or many':
      return `<path class="e" d="M${at(9)} ${number(y)}L${at(0)} ${number(y - 5)}M${at(9)} ${number(y)}L${at(0)} ${number(y + 5)}"/>${ring(at(REACH - 3.5), y)}`;
  }
}

function ring(x: string, y: number): string {
  return `<circle class="e" cx="${x}" cy="${number(y)}" r="3.5"/>`;
}
