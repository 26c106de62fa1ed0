/**
 * PNG beside everything else: drawing the points of a large picture takes as long as all other documents together, so
 * a process of its own does it on another core. V8 is told there not to optimize the WebAssembly, which draws one
 * picture and ends: that takes half the time. A PNG that was drawn from the same SVG before is taken as it is.
 */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDrawnFrom, renderPng } from './render-png.js';

const PROGRAM = fileURLToPath(new URL('./png-process.js', import.meta.url));

/**
 * A picture with a size in pixels as a PNG: two pixels a unit, one where that would be more than six million, and
 * 40 million at most. `known` is returned when it is a PNG of the same picture.
 */
export async function pngOf(svg: string, known?: Uint8Array): Promise<Uint8Array> {
  if (known && isDrawnFrom(known, svg)) {
    return known;
  }
  // From the sources, as tests run, there is no compiled file that a process could start with.
  return (existsSync(PROGRAM) ? await inProcess(svg) : undefined) ?? (await renderPng(svg));
}

/** Nothing where processes or the option are not allowed. */
function inProcess(svg: string): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const child = fork(PROGRAM, {
      execArgv: ['--liftoff-only'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.once('message', (png: Uint8Array) => resolve(png));
    child.once('error', () => resolve(undefined));
    child.once('exit', () => resolve(undefined));
    child.send(svg, () => undefined);
  });
}
