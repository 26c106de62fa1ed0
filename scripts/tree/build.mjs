/**
 * The build: src compiled to dist by tsc, incrementally, and the command line bundled. A digest of the names, sizes and
 * times of all inputs says whether it is up to date; unlike comparing times alone, that notices a deleted file and an
 * older checkout.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { bundleCommandLine } from './bundle.mjs';
import { runBehindLine } from './process.mjs';
import { pathInTree } from './root.mjs';

const SOURCES = pathInTree('src');
const OUTPUTS = pathInTree('dist');
const STAMP_FILE = pathInTree('dist/.built-from');
const OTHER_INPUTS = [
  'tsconfig.json',
  'tsconfig.build.json',
  'node_modules/typescript/package.json',
  // Says which packages there are, and with that what is bundled.
  'package-lock.json',
].map(pathInTree);
const OUTPUT_ENDINGS = /(\.js|\.d\.ts)(\.map)?$/;

export function buildIsFresh() {
  try {
    return readFileSync(STAMP_FILE, 'utf8') === inputsDigest();
  } catch {
    return false;
  }
}

export async function rebuild() {
  const digest = inputsDigest();
  const tsc = pathInTree('node_modules/typescript/bin/tsc');
  await runBehindLine('Building', process.execPath, [tsc, '-p', pathInTree('tsconfig.build.json')]);
  removeOrphans(OUTPUTS, SOURCES);
  await bundleCommandLine();
  makeExecutable(pathInTree('dist/cli/main.js'));
  writeFileSync(STAMP_FILE, digest);
}

function inputsDigest() {
  const hash = createHash('sha256');
  for (const path of [...sourceFiles(SOURCES), ...OTHER_INPUTS]) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function sourceFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return sourceFiles(path);
    }
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

/**
 * Removes compiled files whose source is gone, and the folders that this empties.
 * @param {string} outputs
 * @param {string} sources
 */
function removeOrphans(outputs, sources) {
  for (const entry of readdirSync(outputs, { withFileTypes: true })) {
    const path = join(outputs, entry.name);
    if (entry.isDirectory()) {
      removeOrphans(path, join(sources, entry.name));
      if (readdirSync(path).length === 0) {
        rmdirSync(path);
      }
    } else if (OUTPUT_ENDINGS.test(entry.name) && !existsSync(join(sources, sourceName(entry.name)))) {
      rmSync(path);
    }
  }
}

/** @param {string} output */
function sourceName(output) {
  return output.replace(OUTPUT_ENDINGS, '.ts');
}

/** @param {string} path */
function makeExecutable(path) {
  if (existsSync(path)) {
    chmodSync(path, 0o755);
  }
}
