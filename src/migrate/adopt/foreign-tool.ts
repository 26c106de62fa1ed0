/** Tools whose record of applied migrations can be taken over. A new one is a file and a line in the list. */
import type { Session } from '../../database/index.js';
import type { Migration, MigrationFolder } from '../migration.js';

export interface ForeignTool {
  /** How messages call it. */
  readonly name: string;
  /** The table that it records in, unless it was told another. */
  readonly table: string;
  /** The columns by which its table is known. */
  readonly columns: readonly string[];
  /** The table has no other column than these. */
  readonly exactly?: boolean;
  /** Reads the record. It is only read: the table stays as it is. */
  read(session: Session, table: string, folder: MigrationFolder): Promise<ForeignHistory>;
  /** True when the checksum that the tool recorded is that of the script. */
  checks?(checksum: string, script: string): boolean;
  /** What the tool made of a script before it sent it to the server. */
  sends?(script: string): string;
}

/** What a tool has recorded. */
export interface ForeignHistory {
  /** The migrations that stand as applied, in the tool's order. */
  readonly applied: readonly ForeignEntry[];
  /** Set when something failed or is half-done. */
  readonly unsettled?: {
    /** What is so, as the end of a sentence: `version 7 is marked dirty`. */
    readonly reason: string;
    /** What to do about it. */
    readonly hint: string;
  };
}

export interface ForeignEntry {
  /** The version as the folder's format names it, up to leading zeros; `R__name` for a repeatable one. */
  readonly version: string;
  readonly appliedAt?: Date;
  readonly durationMs?: number;
  readonly checksum?: string;
  /** It is a baseline: everything up to its version counts as applied. */
  readonly isBaseline?: boolean;
}

/** The versions of a folder, repeatable ones left out. */
export function versionedOf(folder: MigrationFolder): readonly Migration[] {
  return folder.migrations.filter(({ kind }) => kind === 'versioned');
}
