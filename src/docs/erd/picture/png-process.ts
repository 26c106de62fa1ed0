/** What the process of `pngOf` runs: the SVG comes in, the PNG goes out. */
import { text } from 'node:stream/consumers';
import { renderPng } from './render-png.js';

process.stdout.write(await renderPng(await text(process.stdin)));
