import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { FILE_ERRORS } from './errors.js';

/** Reads a UTF-8 text file, a byte-order mark removed. @throws FILE_NOT_READ when it cannot be read. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    throw FILE_ERRORS.NOT_READ({
      message: `Cannot read ${path}: ${reasonOf(cause)}`,
      details: { path },
      cause,
    });
  }
}

/**
 * Writes a file whole or not at all: to a temporary name beside it, then renamed over it. Folders are made.
 * @throws FILE_NOT_WRITTEN when the folder cannot be written to.
 */
export function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o644): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, content, { mode });
    renameSync(temporary, path);
  } catch (cause) {
    throw FILE_ERRORS.NOT_WRITTEN({
      message: `Cannot write ${path}: ${reasonOf(cause)}`,
      details: { path },
      cause,
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder (a file was wanted)',
  ENOTDIR: 'a part of its path is a file (a folder was wanted)',
  ENOSPC: 'the disk is full',
  EEXIST: 'it exists already',
  ELOOP: 'its symbolic links go in a circle',
};

/** What a file-system or network error means, in words. */
export function reasonOf(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  return (code && REASONS[code]) || (cause instanceof Error ? cause.message : String(cause));
}
