/** SVG to PNG without a browser: resvg in WebAssembly, with the font that comes with Plinth and no other. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fontsFor } from './fonts.js';
import { pngFile, readPng } from './png-file.js';

const require = createRequire(import.meta.url);

/**
 * Twice the pixels of the picture, for dense screens; as many as it has where twice would be many, as nobody reads less;
 * and fewer only where no viewer would open them.
 */
const SCALE = 2;
const MANY_PIXELS = 6_000_000;
const MOST_PIXELS = 40_000_000;

/** The text of the PNG that says what it is drawn from. */
const NOTE = 'plinth-drawn-from';
/** Another number when the same SVG is to be drawn otherwise. */
const WAY_OF_DRAWING = 1;

let ready: Promise<typeof import('@resvg/resvg-wasm')> | undefined;

/** A picture with a size in pixels as a PNG that says what it is drawn from. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  ready ??= load();
  const [{ Resvg }, fontBuffers] = await Promise.all([ready, fontsFor(svg)]);
  const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number) as [
    0,
    number,
    number,
  ];
  const scaleTo = (pixels: number) => Math.sqrt(pixels / (width * height));
  const scale = Math.min(SCALE, Math.max(1, scaleTo(MANY_PIXELS)), scaleTo(MOST_PIXELS));
  const renderer = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontBuffers: [...fontBuffers], defaultFontFamily: 'Arimo', sansSerifFamily: 'Arimo' },
  });
  const image = renderer.render();
  const pixels = { width: image.width, height: image.height, rgba: image.pixels };
  image.free();
  renderer.free();
  return pngFile(pixels, NOTE, (data) => noteOf(svg, data));
}

/** Whether the PNG is one that was drawn from this SVG, and not changed since. */
export function isDrawnFrom(png: Uint8Array, svg: string): boolean {
  const found = readPng(png, NOTE);
  return found !== undefined && found.note === noteOf(svg, found.data);
}

/** The bytes that pixels are compressed to differ from one machine to another: the note tells them from edited ones. */
function noteOf(svg: string, data: Uint8Array): string {
  return createHash('sha256').update(`${WAY_OF_DRAWING}\0${svg}\0`).update(data).digest('hex');
}

async function load() {
  const [resvg, program] = await Promise.all([
    import('@resvg/resvg-wasm'),
    readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
  ]);
  await resvg.initWasm(program);
  return resvg;
}
