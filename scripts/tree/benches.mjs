/**
 * Benchmarks are compiled by themselves to dist-bench/bench, and dist-bench/src leads to dist: their imports of
 * `../src/…` reach the code as it ships, which is what they measure.
 */
import { existsSync, lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { runBehindLine } from './process.mjs';
import { pathInTree } from './root.mjs';

/** The names of the benchmarks: the files directly in `bench`; what they share lies in folders. */
export function benchNames() {
  const folder = pathInTree('bench');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.filter((file) => file.endsWith('.ts')).map((file) => file.replace(/\.ts$/, ''));
}

/**
 * @param {string} name
 * @returns {Promise<{ summary: string, default: (argv: readonly string[]) => Promise<void> }>}
 */
export async function loadBench(name) {
  return import(pathToFileURL(pathInTree(`dist-bench/bench/${name}.js`)).href);
}

export async function compileBenches() {
  if (benchNames().length === 0) {
    return;
  }
  linkSources();
  const tsc = pathInTree('node_modules/typescript/bin/tsc');
  await runBehindLine('Building the benchmarks', process.execPath, [
    tsc,
    '-p',
    pathInTree('tsconfig.bench.json'),
  ]);
}

function linkSources() {
  const link = pathInTree('dist-bench/src');
  mkdirSync(pathInTree('dist-bench'), { recursive: true });
  if (!lstatSync(link, { throwIfNoEntry: false })) {
    // A junction is the kind of link that Windows lets every user make; it needs the absolute path.
    symlinkSync(process.platform === 'win32' ? pathInTree('dist') : '../dist', link, 'junction');
  }
}
