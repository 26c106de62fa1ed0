import { PROGRAM } from './plinth.js';
import { median, run } from './processes.js';

/** Median seconds of `plinth --version` and of `node -e 0`, in turns. */
export async function compareStart(
  runs: number,
): Promise<{ readonly version: number; readonly node: number }> {
  const version: number[] = [];
  const node: number[] = [];
  for (let round = 0; round < runs; round += 1) {
    version.push((await run({ program: process.execPath, args: [PROGRAM, '--version'] })).seconds);
    node.push((await run({ program: process.execPath, args: ['-e', '0'] })).seconds);
  }
  return { version: median(version), node: median(node) };
}
