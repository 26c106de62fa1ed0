/**
 * Makes the packaged programs runnable. npm packages cannot hold symbolic links, so the package lists the
 * library links it needs and makes them in an install script, which npm may block. They are made here at the
 * first start instead; where the package's folder cannot be written to, or the user that runs the server
 * cannot read it, the programs are copied and the links made in the copy.
 */
import {
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { reasonOf } from '../../core/index.js';
import { DATABASE_ERRORS } from '../errors.js';
import { type PostgresBinaries, programPath } from './binaries.js';
import { canReach, handOver, type RunAs } from './run-as.js';

/**
 * The binaries with all their libraries in place: the package's own, or a copy inside `copyParent`.
 * Safe to call from several processes at once.
 * @throws DATABASE_EMBEDDED_NOT_STARTED when they can neither be used in place nor copied
 */
export function runnableBinaries(
  binaries: PostgresBinaries,
  copyParent: string,
  runAs: RunAs | undefined,
): PostgresBinaries {
  try {
    if (canReach(programPath(binaries, 'postgres'), runAs, 'execute') && makeLinks(binaries.folder)) {
      return binaries;
    }
    return copyOf(binaries, copyParent, runAs);
  } catch (cause) {
    throw DATABASE_ERRORS.EMBEDDED_NOT_STARTED({
      message: `Cannot prepare the PostgreSQL programs in ${binaries.folder}: ${reasonOf(cause)}`,
      hint: 'Make the folder of the package readable, or reinstall the dependencies.',
      cause,
    });
  }
}

interface LibraryLink {
  /** The file that exists, relative to the package's folder. */
  readonly source: string;
  /** The name that must lead to it. */
  readonly target: string;
}

/** Makes the links that are missing; false when the folder cannot be written to. */
function makeLinks(folder: string): boolean {
  for (const { source, target } of missingLinks(folder)) {
    try {
      symlinkSync(relative(dirname(target), source), target);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
        return false;
      }
    }
  }
  return true;
}

function missingLinks(folder: string): readonly LibraryLink[] {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) {
    return [];
  }
  return (JSON.parse(readFileSync(list, 'utf8')) as LibraryLink[])
    .map((link) => ({
      source: join(dirname(folder), link.source),
      target: join(dirname(folder), link.target),
    }))
    .filter((link) => lstatSync(link.target, { throwIfNoEntry: false }) === undefined);
}

/** Copies whole or not at all: under a temporary name, then renamed; who comes second uses the first's copy. */
function copyOf(binaries: PostgresBinaries, parent: string, runAs: RunAs | undefined): PostgresBinaries {
  const home = join(parent, `binaries-${binaries.version}`);
  const name = basename(binaries.folder);
  if (!existsSync(home)) {
    const temporary = mkdtempSync(join(parent, 'new-'));
    cpSync(binaries.folder, join(temporary, name), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    });
    openFolders(temporary);
    if (!makeLinks(join(temporary, name))) {
      throw new Error(`the library links cannot be made in ${temporary}`);
    }
    handOver(temporary, runAs);
    renameUnlessThere(temporary, home);
  }
  return { ...binaries, folder: join(home, name) };
}

/** A copy has the modes of what was copied, which may let nobody write; links have to be made in it. */
function openFolders(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      openFolders(join(folder, entry.name));
    }
  }
}

function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (cause) {
    rmSync(from, { recursive: true, force: true });
    if (!existsSync(to)) {
      throw cause;
    }
  }
}
