/** The picture as an SVG document that needs nothing from outside, and reads well without a style sheet. */
import type { Colouring } from '../colour.js';
import { visible } from '../visible.js';
import { xmlText } from '../xml.js';
import type { Detail } from './box.js';
import { drawFrame, drawRelations } from './draw-body.js';
import { drawBox } from './draw-box.js';
import { legendOf } from './legend.js';
import { number } from './number.js';
import type { Picture } from './picture.js';
import { textWidth } from './text-width.js';
import type { Theme } from './theme.js';

/** Three families with the same widths; one of them is on every system. */
const FONT_FAMILIES = 'Arimo, "Liberation Sans", Arial, Helvetica, sans-serif';

const PAD = 28;
const TITLE = 20;
const SUBTITLE = 12;
const HEAD = 62;
const LEAST_WIDTH = 640;

export interface SvgParts {
  readonly title: string;
  /** What is counted below the title. */
  readonly subtitle: string;
  readonly colouring: Colouring;
  readonly theme: Theme;
}

export function svgOf(picture: Picture, { title, subtitle, colouring, theme }: SvgParts): string {
  const heading = Math.max(textWidth(title, TITLE, 'bold'), textWidth(subtitle, SUBTITLE));
  const inner = Math.max(picture.width, heading, LEAST_WIDTH);
  const legend = legendOf(picture, colouring.categories, inner);
  const width = Math.ceil(inner + 2 * PAD);
  const bodyTop = PAD + HEAD;
  const legendTop = bodyTop + picture.height + 26;
  const height = Math.ceil(legendTop + legend.height + PAD);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${xmlText(title)}</title>`,
    `<style>${styles(theme, picture.detail)}</style>`,
    `<rect class="bg" width="${width}" height="${height}"/>`,
    `<text class="c k" x="${PAD}" y="${PAD + 18}" font-size="${TITLE}">${xmlText(visible(title))}</text>`,
    `<text class="m" x="${PAD}" y="${PAD + 38}" font-size="${SUBTITLE}">${xmlText(subtitle)}</text>`,
    `<g transform="translate(${PAD} ${bodyTop})">`,
    ...picture.frames.map(drawFrame),
    ...drawRelations(picture),
    ...picture.boxes.map((placed) =>
      drawBox(placed, colouring.colourOf(placed.box.entity.key), placed.box.entity.id),
    ),
    '</g>',
    `<g transform="translate(${PAD} ${number(legendTop)})">${legend.drawing}</g>`,
    '</svg>',
    '',
  ].join('\n');
}

/** Overviews have too many lines for dashes. */
function styles(theme: Theme, detail: Detail): string {
  return [
    `text{font-family:${FONT_FAMILIES}}`,
    `.bg{fill:${theme.background}}`,
    `.fr{fill:${theme.group};stroke:${theme.groupLine}}`,
    `.b{fill:${theme.box};stroke:${theme.boxLine}}`,
    `.r{stroke:${theme.rule};fill:none}`,
    `.c{fill:${theme.text}}`,
    '.k,.h{font-weight:700}',
    '.h{fill:#fff}',
    '.n{fill:#fff;text-anchor:end}',
    `.m{fill:${theme.muted}}`,
    `.l{fill:${theme.accent}}`,
    `.a{fill:none;stroke:${theme.accent};stroke-width:1.2}`,
    'text.g{font-size:9px;font-weight:700;text-anchor:middle}',
    `rect.g{fill:none;stroke:${theme.muted}}`,
    `text.g{fill:${theme.muted}}`,
    `rect.p{fill:${theme.text};stroke:none}`,
    `text.p{fill:${theme.box}}`,
    `.w{fill:none;stroke:${theme.line};stroke-width:1.3}`,
    ...(detail === 'names' ? [] : ['.d{stroke-dasharray:5 3}']),
    `.e{fill:${theme.background};stroke:${theme.line};stroke-width:1.3}`,
    `.x:hover .w,.x:hover .e{stroke:${theme.accent};stroke-width:2}`,
  ].join('');
}
