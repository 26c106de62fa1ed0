import type { Migration } from '../migration.js';

/** One way in which a tool names and divides its migration files. A new one is a file and a line in the list. */
export interface FolderFormat {
  /** The name that `format` in plinth.yaml takes. */
  readonly name: string;
  /** The tools that write it, for messages. */
  readonly tools: string;
  /**
   * The migrations in `folder`, unordered, or `undefined` when its files are not of this format.
   * @throws MIGRATE_FILE_MISPLACED when it is of this format and a file does not fit
   */
  read(folder: FolderListing): readonly Migration[] | undefined;
}

/** The files of a folder: names as in the folder, sorted, subfolders' files as `sub/name`. */
export interface FolderListing {
  /** The folder's path as messages show it. */
  readonly path: string;
  readonly names: readonly string[];
  /** The text of one file. */
  text(name: string): string;
}
