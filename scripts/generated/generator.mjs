/**
 * A generator makes files of the repository from the code. It only computes them; writing and comparing is the
 * same for all of them and done here.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathInTree } from '../tree/root.mjs';

/**
 * @typedef {object} Generator
 * @property {string} name what `npm run generate -- <name>` calls it
 * @property {string} [folder] a folder, with a slash at its end, that holds nothing but what this generator makes
 * @property {() => Promise<ReadonlyMap<string, string>>} files the contents by path, relative to the root
 */

/**
 * The files that differ from what the generator makes: missing, different, or no longer made.
 * @param {Generator} generator
 * @returns {Promise<readonly string[]>}
 */
export async function staleFiles(generator) {
  const files = await generator.files();
  const different = [...files].filter(([path, content]) => contentOf(path) !== content).map(([path]) => path);
  return [...different, ...leftOvers(generator, files)];
}

/**
 * Writes what differs and removes what is no longer made.
 * @param {Generator} generator
 * @returns {Promise<readonly string[]>} the paths that changed
 */
export async function writeFiles(generator) {
  const files = await generator.files();
  const stale = await staleFiles(generator);
  for (const path of stale) {
    const content = files.get(path);
    if (content === undefined) {
      rmSync(pathInTree(path));
    } else {
      mkdirSync(dirname(pathInTree(path)), { recursive: true });
      writeFileSync(pathInTree(path), content);
    }
  }
  return stale;
}

/**
 * @param {Generator} generator
 * @param {ReadonlyMap<string, string>} files
 */
function leftOvers({ folder }, files) {
  if (folder === undefined || !existsSync(pathInTree(folder))) {
    return [];
  }
  return readdirSync(pathInTree(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.replaceAll('\\', '/').slice(pathInTree('').length))
    .filter((path) => !files.has(path));
}

/** @param {string} path */
function contentOf(path) {
  try {
    return readFileSync(pathInTree(path), 'utf8');
  } catch {
    return undefined;
  }
}
