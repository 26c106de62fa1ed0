import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { FILE_ERRORS, reasonOf } from '../core/index.js';
import { STORAGE_ERRORS } from './errors.js';
import type { ObjectStore } from './object-store.js';

/** A folder as a store; keys are paths in it. It is made when something is written. */
export function folderStore(folder: string): ObjectStore {
  return {
    name: folder,
    read: async (key, limitBytes) => readFile(join(folder, key), limitBytes),
    write: async (key, content) => writeOnce(join(folder, key), content),
    remove: async (key) => removeFile(join(folder, key)),
  };
}

function readFile(path: string, limitBytes: number): Uint8Array {
  if (!isFile(path)) {
    throw STORAGE_ERRORS.NOT_FOUND({
      message: `Cannot read ${path}: there is no such file`,
      details: { path },
    });
  }
  const { size } = statSync(path);
  if (size > limitBytes) {
    throw STORAGE_ERRORS.TOO_LARGE({
      message: `Cannot read ${path}: it has ${size} bytes (${limitBytes} at most were wanted)`,
      details: { path },
    });
  }
  try {
    return readFileSync(path);
  } catch (cause) {
    throw FILE_ERRORS.NOT_READ({
      message: `Cannot read ${path}: ${reasonOf(cause)}`,
      details: { path },
      cause,
    });
  }
}

/** To a name of its own first, then linked: a link is made only where nothing is, also when two write at once. */
function writeOnce(path: string, content: Uint8Array): 'created' | 'unchanged' {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(temporary, content);
    placeExclusively(temporary, path);
    return 'created';
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST' && isFile(path)) {
      return sameOrThrow(path, content);
    }
    throw FILE_ERRORS.NOT_WRITTEN({
      message: `Cannot write ${path}: ${reasonOf(cause)}`,
      details: { path },
      cause,
    });
  } finally {
    if (existsSync(temporary)) {
      rmSync(temporary);
    }
  }
}

/** What follows the name of a file, or of one that is being written. */
const LEFT = /^(\.\d+\.tmp)?$/;

/** With what a writer of it that was killed has left. */
function removeFile(path: string): void {
  try {
    const folder = dirname(path);
    const name = basename(path);
    const left = existsSync(folder) ? readdirSync(folder) : [];
    for (const file of left.filter((one) => one.startsWith(name) && LEFT.test(one.slice(name.length)))) {
      rmSync(join(folder, file), { force: true });
    }
  } catch (cause) {
    throw FILE_ERRORS.NOT_WRITTEN({
      message: `Cannot remove ${path}: ${reasonOf(cause)}`,
      details: { path },
      cause,
    });
  }
}

/** Neither does a part of the path that is no folder make it throw. */
function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function placeExclusively(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') {
      throw cause;
    }
    // Not every file system has links.
    copyFileSync(temporary, path, constants.COPYFILE_EXCL);
  }
}

function sameOrThrow(path: string, content: Uint8Array): 'unchanged' {
  if (readFileSync(path).equals(content)) {
    return 'unchanged';
  }
  throw STORAGE_ERRORS.EXISTS({
    message: `Cannot write ${path}: a file of that name holds something else`,
    hint: 'Name another file, or remove that one first.',
    details: { path },
  });
}
