import type { Migration } from '../migration.js';

/** One way in which a tool names and divides its migration files. A new one is a file and a line in the list. */
export interface FolderFormat {
  /** The name that `format` in plinth.yaml takes. */
  readonly name: string;
  /** The tools that write it, for messages. */
  readonly tools: string;
  /** What its files are called, for messages: `V<version>__<name>.sql`. */
  readonly wanted: string;
  /** True for the path of a file, seen from the folder, that is named in this way. */
  isNamed(path: string): boolean;
  /** The line that tells the format's files from others that are named alike. */
  readonly marker?: RegExp;
  /**
   * The migrations of the files, unordered.
   * @param paths the folder's `.sql` files that are named in this way, sorted
   * @throws MIGRATE_FILE_MISPLACED when a file does not fit
   */
  read(folder: FolderListing, paths: readonly string[]): readonly Migration[];
  /**
   * The files of a new, empty migration.
   * @param stem what its name begins with: `202611210600_add_regions`
   * @param heads comments that say what belongs into up and down
   */
  draft(stem: string, heads: DraftHeads): Draft;
  /** The order in which the tool itself applies two versioned migrations, where it is not that of numbers. */
  order?(a: Migration, b: Migration): number;
  /** What the tool would do with the folder and Plinth does not. */
  notices?(folder: FolderListing): readonly string[];
}

export interface DraftHeads {
  readonly up: string;
  readonly down: string;
}

/** Files to write, by their path from the folder. The file of up holds down too where there is no other. */
export interface Draft {
  readonly up: DraftFile;
  readonly down?: DraftFile;
}

export interface DraftFile {
  readonly path: string;
  readonly text: string;
}

/** The files of a folder and of the folders in it; hidden ones are left out. */
export interface FolderListing {
  /** The folder's path as messages show it. */
  readonly path: string;
  /** Every file's path from the folder, `/` between folders, sorted. */
  readonly paths: readonly string[];
  has(path: string): boolean;
  /** The text of one file. */
  text(path: string): string;
}
