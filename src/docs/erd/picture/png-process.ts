/** What the process of `pngOf` runs: the SVG comes in a message, the PNG goes out in one. */
import { renderPng } from './render-png.js';

process.once('message', async (svg: string) => {
  const png = await renderPng(svg);
  process.send?.(png, () => process.disconnect());
});
