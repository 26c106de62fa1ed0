/** Pictures as parts of an HTML page: its style sheet colours them, and every other table is a link to its page. */
import type { Colouring } from '../colour.js';
import type { NameKey } from '../name-key.js';
import { xmlText } from '../xml.js';
import { drawFrame, drawRelations } from './draw-body.js';
import { drawBox } from './draw-box.js';
import { drawWire } from './draw-line.js';
import type { PlacedBox } from './island.js';
import { legendOf } from './legend.js';
import { number } from './number.js';
import type { Picture } from './picture.js';
import type { Star } from './star.js';

export interface InlineLook {
  /** What the picture shows, for those who hear it. */
  readonly label: string;
  readonly colouring: Colouring;
  /** The address of a table's page, from the page that the picture is on. */
  readonly hrefOf: (key: NameKey) => string | undefined;
  /** The links are left out when one goes from link to link by keyboard: there are the same ones elsewhere. */
  readonly skipLinks?: boolean;
}

const PAD = 10;
const LEAST_LEGEND_WIDTH = 560;

export function inlinePicture(picture: Picture, look: InlineLook): string {
  return framed(picture, look, [
    ...picture.frames.map(drawFrame),
    ...drawRelations(picture),
    ...picture.boxes.map((placed) => linkedBox(placed, look)),
  ]);
}

export function inlineStar(star: Star, look: InlineLook): string {
  const { centre, neighbours, spokes, loops, heights } = star;
  const boxes = [centre, ...neighbours];
  const picture: Picture = {
    detail: 'columns',
    boxes,
    wires: spokes.map(({ wire }) => wire),
    ...{ frames: [], loops, heights, links: [], width: star.width, height: star.height },
  };
  return framed(picture, look, [
    ...spokes.map(({ wire, parent, child }) => drawWire(wire, parent, child)),
    ...drawRelations({ boxes: [centre], wires: [], loops, heights }),
    drawBox(centre, look.colouring.colourOf(centre.box.entity.key)),
    ...neighbours.map((placed) => linkedBox(placed, look)),
  ]);
}

function framed(picture: Picture, { label, colouring }: InlineLook, body: readonly string[]): string {
  const shown = new Set(picture.boxes.map(({ box }) => colouring.colourOf(box.entity.key)));
  const categories = new Map([...colouring.categories].filter(([, colour]) => shown.has(colour)));
  const legend = legendOf(picture, categories, Math.max(picture.width, LEAST_LEGEND_WIDTH));
  const width = Math.ceil(Math.max(picture.width, legend.width) + 2 * PAD);
  const height = Math.ceil(picture.height + legend.height + 2 * PAD + 16);
  return [
    `<svg class="erd${picture.detail === 'names' ? ' names' : ''}" xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="${xmlText(label)}">`,
    `<g transform="translate(${PAD} ${PAD})">`,
    ...body,
    '</g>',
    `<g aria-hidden="true" transform="translate(${PAD} ${number(picture.height + PAD + 16)})">${legend.drawing}</g>`,
    '</svg>',
  ].join('\n');
}

function linkedBox(placed: PlacedBox, { colouring, hrefOf, skipLinks }: InlineLook): string {
  const { key } = placed.box.entity;
  const drawn = drawBox(placed, colouring.colourOf(key));
  const href = hrefOf(key);
  return href === undefined
    ? drawn
    : `<a href="${xmlText(href)}"${skipLinks ? ' tabindex="-1"' : ''}>${drawn}</a>`;
}
