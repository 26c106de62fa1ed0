/** What the thread of `pngOf` runs: one picture, then it ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { renderPng } from './render-png.js';

parentPort?.postMessage(await renderPng(workerData as string));
