/** SVG to PNG without a browser: resvg in WebAssembly, with the font that comes with Plinth and no other. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fontsFor } from './fonts.js';

const require = createRequire(import.meta.url);

/** Twice the pixels of the picture, for dense screens; fewer where it would be larger than this. */
const SCALE = 2;
const MOST_PIXELS = 8_000_000;

let ready: Promise<typeof import('@resvg/resvg-wasm')> | undefined;

/** A picture with a size in pixels as a PNG: about two pixels a unit, 8 million pixels at most. */
export async function renderPng(svg: string): Promise<Uint8Array> {
  ready ??= load();
  const [{ Resvg }, fontBuffers] = await Promise.all([ready, fontsFor(svg)]);
  const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number) as [
    0,
    number,
    number,
  ];
  const scale = Math.min(SCALE, Math.sqrt(MOST_PIXELS / (width * height)));
  const renderer = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontBuffers: [...fontBuffers], defaultFontFamily: 'Arimo', sansSerifFamily: 'Arimo' },
  });
  const image = renderer.render();
  const png = image.asPng();
  image.free();
  renderer.free();
  return png;
}

async function load() {
  const [resvg, program] = await Promise.all([
    import('@resvg/resvg-wasm'),
    readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
  ]);
  await resvg.initWasm(program);
  return resvg;
}
