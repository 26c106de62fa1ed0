import { xmlText } from '../xml.js';
import { type Badge, type Box, type Link, linkLength, type Row, rowMiddle, SIZES } from './box.js';
import type { PlacedBox } from './island.js';
import { number } from './number.js';

const RADIUS = 5;
/** From a text's middle to its baseline, in parts of its size. */
const BASELINE = 0.36;

/** A table's box: coloured header, a row a column, texts for people who point at it. `id` names it in its document. */
export function drawBox({ box, x, y }: PlacedBox, colour: string, id?: string): string {
  const { entity, width, height } = box;
  const isCompact = box.rows.length === 0 && box.hiddenColumns === 0;
  const header = isCompact ? SIZES.compactHeader : SIZES.header;
  const { schema, name, comment } = entity.table;
  const title = `${schema}.${name}${comment === undefined ? '' : `\n${comment}`}`;
  return [
    `<g class="t"${id === undefined ? '' : ` id="${id}"`} transform="translate(${number(x)} ${number(y)})">`,
    `<title>${title.split('\n').map(xmlText).join('\n')}</title>`,
    `<rect class="b" width="${width}" height="${height}" rx="${RADIUS}"/>`,
    headerShape(width, header, height, colour),
    text(SIZES.pad, header / 2, isCompact ? SIZES.text : SIZES.title, 'h', box.title),
    box.note === '' ? '' : text(width - SIZES.pad, header / 2, SIZES.small, 'n', box.note),
    ...box.rows.map((row, index) => drawRow(box, row, index)),
    box.hiddenColumns === 0 ? '' : hiddenRow(box),
    ...box.links.map((link, index) =>
      drawLink(link, SIZES.pad, header + 2 + (index + 0.5) * SIZES.linkRow, SIZES.small),
    ),
    '</g>',
  ].join('');
}

function headerShape(width: number, header: number, height: number, colour: string): string {
  if (header >= height) {
    return `<rect width="${width}" height="${height}" rx="${RADIUS}" fill="${colour}"/>`;
  }
  const right = width - RADIUS;
  return `<path fill="${colour}" d="M0 ${header}V${RADIUS}A${RADIUS} ${RADIUS} 0 0 1 ${RADIUS} 0H${right}A${RADIUS} ${RADIUS} 0 0 1 ${width} ${RADIUS}V${header}Z"/>`;
}

function drawRow(box: Box, row: Row, index: number): string {
  const middle = rowMiddle(box, row.column.name);
  const rule =
    index === 0 ? '' : `<path class="r" d="M1 ${number(middle - SIZES.row / 2)}h${box.width - 2}"/>`;
  const badges = row.badges.map((badge, position) =>
    drawBadge(badge, SIZES.pad + position * (SIZES.badge + SIZES.badgeGap), middle),
  );
  const { name, type, isPrimary, comment } = row.column;
  const full = `${name} ${type}${row.column.notNull ? '' : ', may be null'}${comment === undefined ? '' : `\n${comment}`}`;
  return [
    '<g>',
    `<title>${full.split('\n').map(xmlText).join('\n')}</title>`,
    rule,
    ...badges,
    text(box.nameX, middle, SIZES.text, isPrimary ? 'c k' : 'c', row.name),
    text(box.typeX, middle, SIZES.text, 'm', row.type),
    drawLinks(row.links, box.linkX, middle),
    '</g>',
  ].join('');
}

function drawBadge(badge: Badge, x: number, middle: number): string {
  const kind = badge === 'PK' ? 'p' : badge === 'FK' ? 'f' : 'u';
  return `<rect class="g ${kind}" x="${x}" y="${number(middle - 7)}" width="${SIZES.badge}" height="14" rx="3"/><text class="g ${kind}" x="${number(x + SIZES.badge / 2)}" y="${number(middle + 3.3)}">${badge}</text>`;
}

function hiddenRow(box: Box): string {
  const middle = SIZES.header + 2 + (box.rows.length + 0.5) * SIZES.row;
  const columns = box.hiddenColumns === 1 ? 'column' : 'columns';
  const words =
    box.rows.length === 0 ? `${box.hiddenColumns} ${columns}` : `+ ${box.hiddenColumns} ${columns}`;
  return text(box.nameX, middle, SIZES.small, 'm', words);
}

/** Links beside each other, in a row. */
function drawLinks(links: readonly Link[], left: number, middle: number): string {
  let x = left;
  return links
    .map((link) => {
      const drawn = drawLink(link, x, middle, SIZES.text);
      x += linkLength(link, SIZES.text) + SIZES.linkGap;
      return drawn;
    })
    .join('');
}

function drawLink({ relation, text: words }: Link, x: number, middle: number, size: number): string {
  return `<g data-fk="${xmlText(relation.name)}"><title>${xmlText(relation.name)}</title>${arrow(x, middle)}${text(x + SIZES.arrow, middle, size, 'l', words)}</g>`;
}

/** Drawn, because not every font has one. */
export function arrow(x: number, middle: number): string {
  return `<path class="a" d="M${number(x)} ${number(middle)}h9m-3.5 -3.5l3.5 3.5l-3.5 3.5"/>`;
}

function text(x: number, middle: number, size: number, kind: string, words: string): string {
  return `<text class="${kind}" x="${number(x)}" y="${number(middle + size * BASELINE)}" font-size="${size}">${xmlText(words)}</text>`;
}
