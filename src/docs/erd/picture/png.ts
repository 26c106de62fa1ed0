/**
 * PNG beside everything else: drawing the points of a large picture takes as long as all other documents together, so
 * a process of its own does it on another core. V8 is told there not to optimize the WebAssembly, which draws one
 * picture and ends: that takes half the time. A PNG that was drawn from the same SVG before is taken as it is.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { isDrawnFrom, renderPng } from './render-png.js';

const PROGRAM = fileURLToPath(new URL('./png-process.js', import.meta.url));

/**
 * A picture with a size in pixels as a PNG: about two pixels a unit, 6 million pixels at most. `known` is returned
 * when it is a PNG of the same picture.
 */
export async function pngOf(svg: string, known?: Uint8Array): Promise<Uint8Array> {
  if (known && isDrawnFrom(known, svg)) {
    return known;
  }
  // From the sources, as tests run, there is no compiled file that a process could start with.
  return (existsSync(PROGRAM) ? await inProcess(svg) : undefined) ?? (await renderPng(svg));
}

/** Nothing where processes or the option are not allowed. */
async function inProcess(svg: string): Promise<Uint8Array | undefined> {
  try {
    const child = spawn(process.execPath, ['--liftoff-only', PROGRAM], {
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    });
    const ended = once(child, 'close') as Promise<[code: number | null]>;
    child.stdin.on('error', () => undefined);
    child.stdin.end(svg);
    const [png, [code]] = await Promise.all([buffer(child.stdout), ended]);
    return code === 0 ? png : undefined;
  } catch {
    return undefined;
  }
}
