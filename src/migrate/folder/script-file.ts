import type { ScriptSource } from '../migration.js';
import type { FolderListing } from './format.js';

/** A script that is a whole file. */
export function wholeFile(folder: FolderListing, path: string, withoutTransaction = false): ScriptSource {
  return {
    file: `${folder.path}/${path}`,
    read: () => folder.text(path),
    ...(withoutTransaction ? { withoutTransaction } : {}),
  };
}

/** Which script of a file a line belongs to; `undefined` for a line of neither. */
export type LineOwner = 'up' | 'down' | undefined;

/** The lines of one script; lines of the other are left empty, so that line numbers are the file's. */
export function linesOwnedBy(text: string, owners: readonly LineOwner[], direction: 'up' | 'down'): string {
  const lines = text.split('\n').map((line, index) => (owners[index] === direction ? line : ''));
  return `${lines.slice(0, owners.lastIndexOf(direction) + 1).join('\n')}\n`;
}

/** True when the lines of a script are all empty or comments: there is nothing to run. */
export function isEmptyPart(text: string, owners: readonly LineOwner[], direction: 'up' | 'down'): boolean {
  return text.split('\n').every((line, index) => owners[index] !== direction || /^\s*(--.*)?$/.test(line));
}
