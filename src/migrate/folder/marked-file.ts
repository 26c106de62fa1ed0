/**
 * Formats that keep up and down in one file, divided by comment lines. A down part that holds no statement
 * counts as none: a rollback that does nothing would say that it took back what is still there.
 */
import type { Migration, ScriptSource } from '../migration.js';
import type { FolderListing } from './format.js';
import { misplaced } from './misplaced.js';
import { isEmptyPart, type LineOwner, linesOwnedBy } from './script-file.js';

/** What the markers of a file say. */
export interface Markers {
  readonly owners: readonly LineOwner[];
  readonly upWithoutTransaction: boolean;
  readonly downWithoutTransaction: boolean;
  /** What is wrong with the markers, and what was wanted. */
  readonly flaw?: { readonly reason: string; readonly wanted: string };
}

export interface MarkedFile {
  readonly path: string;
  readonly version: string;
  readonly name: string;
  /** Reads the markers of a file's text. */
  readonly divide: (text: string) => Markers;
  /** Throws for a script that cannot be run as it stands. */
  readonly check?: (file: string, text: string, direction: 'up' | 'down') => void;
}

/** @throws MIGRATE_FILE_MISPLACED when the markers do not fit */
export function markedMigration(folder: FolderListing, file: MarkedFile): Migration {
  const { path, version, name } = file;
  const text = folder.text(path);
  const markers = file.divide(text);
  if (markers.flaw) {
    throw misplaced(folder, path, markers.flaw.reason, markers.flaw.wanted);
  }
  const { owners, upWithoutTransaction, downWithoutTransaction } = markers;
  const isDownEmpty = isEmptyPart(text, owners, 'down') && !isEmptyPart(text, owners, 'up');
  return {
    version,
    name,
    kind: 'versioned',
    up: part(folder, file, 'up', upWithoutTransaction),
    down:
      owners.includes('down') && !isDownEmpty
        ? part(folder, file, 'down', downWithoutTransaction)
        : undefined,
  };
}

/** The file is read, and divided, each time that the text is needed: a long history costs no memory. */
function part(
  folder: FolderListing,
  { path, divide, check }: MarkedFile,
  direction: 'up' | 'down',
  withoutTransaction: boolean,
): ScriptSource {
  const file = `${folder.path}/${path}`;
  return {
    file,
    read: () => {
      const text = folder.text(path);
      check?.(file, text, direction);
      return linesOwnedBy(text, divide(text).owners, direction);
    },
    ...(withoutTransaction ? { withoutTransaction } : {}),
  };
}
