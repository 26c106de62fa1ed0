/**
 * PNG beside everything else: drawing the points of a large picture takes as long as all other documents together, so
 * a thread of its own does it on another core.
 */
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { renderPng } from './render-png.js';

const WORKER = new URL('./png-worker.js', import.meta.url);

/** A picture with a size in pixels as a PNG: about two pixels a unit, 8 million pixels at most. */
export function pngOf(svg: string): Promise<Uint8Array> {
  // From the sources, as tests run, there is no compiled file that a thread could start with.
  return existsSync(WORKER) ? inThread(svg) : renderPng(svg);
}

function inThread(svg: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { workerData: svg });
    worker.once('message', (png: Uint8Array) => resolve(png));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread that draws a PNG ended with ${code}`)));
  });
}
