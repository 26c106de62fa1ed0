/** What the picture's signs mean, in lines of at most a width. Only signs that occur are explained. */

import { visible } from '../visible.js';
import { xmlText } from '../xml.js';
import { SIZES } from './box.js';
import { arrow } from './draw-box.js';
import { lineEnd } from './draw-ends.js';
import { number } from './number.js';
import type { Rectangle } from './pack.js';
import type { Picture } from './picture.js';
import { textWidth } from './text-width.js';

interface Item {
  readonly sign: string;
  readonly signWidth: number;
  readonly words: string;
}

export interface Legend extends Rectangle {
  readonly drawing: string;
}

const ROW = 24;
const SIZE = 11;
const GAP = 22;

export function legendOf(
  picture: Picture,
  categories: ReadonlyMap<string, string>,
  maxWidth: number,
): Legend {
  const items = [...categoryItems(categories), ...keyItems(picture), ...lineItems(picture)];
  const parts: string[] = [];
  let x = 0;
  let y = 0;
  let width = 0;
  for (const { sign, signWidth, words } of items) {
    const itemWidth = signWidth + 6 + textWidth(words, SIZE);
    if (x > 0 && x + itemWidth > maxWidth) {
      x = 0;
      y += ROW;
    }
    parts.push(
      `<g transform="translate(${number(x)} ${y + ROW / 2})">${sign}<text class="m" x="${signWidth + 6}" y="4" font-size="${SIZE}">${xmlText(words)}</text></g>`,
    );
    width = Math.max(width, x + itemWidth);
    x += itemWidth + GAP;
  }
  return { drawing: parts.join(''), width, height: items.length === 0 ? 0 : y + ROW };
}

function categoryItems(categories: ReadonlyMap<string, string>): readonly Item[] {
  return categories.size < 2
    ? []
    : [...categories].map(([name, colour]) => ({
        sign: `<rect y="-6" width="16" height="12" rx="3" fill="${colour}"/>`,
        signWidth: 16,
        words: visible(name),
      }));
}

function keyItems({ boxes, links }: Picture): readonly Item[] {
  const rows = boxes.flatMap(({ box }) => box.rows);
  const badge = (text: string, kind: string, words: string): readonly Item[] =>
    rows.some(({ badges }) => badges.some((one) => one === text))
      ? [
          {
            sign: `<rect class="g ${kind}" y="-7" width="23" height="14" rx="3"/><text class="g ${kind}" x="11.5" y="3.3">${text}</text>`,
            signWidth: 23,
            words,
          },
        ]
      : [];
  const word = (sign: string, kind: string, words: string): Item => ({
    sign: `<text class="${kind}" y="4" font-size="${SIZE}">${sign}</text>`,
    signWidth: Math.ceil(textWidth(sign, SIZE)),
    words,
  });
  return [
    ...badge('PK', 'p', 'primary key'),
    ...badge('FK', 'f', 'foreign key'),
    ...badge('UK', 'u', 'unique'),
    ...(rows.some(({ column }) => !column.notNull) ? [word('type?', 'm', 'may be null')] : []),
    ...(boxes.some(({ box }) => box.entity.isJunction) ? [word('m : n', 'm', 'joins two tables')] : []),
    ...(links.length > 0
      ? [{ sign: arrow(0, 0), signWidth: SIZES.arrow, words: 'refers to, without a line' }]
      : []),
  ];
}

function lineItems({ wires, loops, detail }: Picture): readonly Item[] {
  const relations = [...wires.map(({ relation }) => relation), ...loops];
  const ends = new Set(relations.flatMap(({ childEnd, parentEnd }) => [childEnd, parentEnd]));
  const shown = (['one', 'zero or one', 'zero or many'] as const).filter((end) => ends.has(end));
  const line = (kind: string, words: string): Item => ({
    sign: `<path class="${kind}" d="M0 0h30"/>`,
    signWidth: 30,
    words,
  });
  const kinds = [
    ...(relations.some(({ isIdentifying }) => isIdentifying) ? [line('w', 'part of the primary key')] : []),
    ...(relations.some(({ isIdentifying }) => !isIdentifying) ? [line('w d', 'reference')] : []),
  ];
  return [
    ...shown.map((end) => ({
      sign: `<path class="w" d="M0 0h28"/><path class="w" d="M28 -6v12"/>${lineEnd(28, 0, end, -1)}`,
      signWidth: 30,
      words: end === 'one' ? 'exactly one' : end,
    })),
    ...(detail === 'names' ? [] : kinds),
  ];
}
