import { fileURLToPath } from 'node:url';

/** The folder of the clone, with a separator at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * The absolute path of a file of the clone.
 * @param {string} path relative to the root, with forward slashes
 */
export function pathInTree(path) {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
