/** A migration as a folder offers it. Texts are read when needed, so that a long history costs no memory. */

/** One script of a migration. */
export interface ScriptSource {
  /** The file's path as messages show it. */
  readonly file: string;
  /** The script's text. Where one file holds up and down, the lines before the script are left empty. */
  read(): string;
  /** Set where the file itself says that no transaction may be wrapped around it. */
  readonly withoutTransaction?: boolean;
}

export interface Migration {
  /** The version as the file names it; empty for a repeatable migration. */
  readonly version: string;
  readonly name: string;
  /** `repeatable`: has no version and is run again whenever its text changes. */
  readonly kind: 'versioned' | 'repeatable';
  readonly up: ScriptSource;
  readonly down: ScriptSource | undefined;
}

/** All that a folder holds, in the order in which it is applied. */
export interface MigrationFolder {
  /** The folder's path as messages show it. */
  readonly path: string;
  /** The name of the format it was read as. */
  readonly format: string;
  readonly migrations: readonly Migration[];
  /** Migrations that are programs, which Plinth leaves out: their paths from the folder. */
  readonly programs: readonly string[];
  /** What the tool that the folder was made for would do and Plinth does not. */
  readonly notices: readonly string[];
}

/** What identifies a migration in the ledger: its version, or for a repeatable one `R__name`. */
export function keyOf(migration: Pick<Migration, 'version' | 'name' | 'kind'>): string {
  return migration.kind === 'repeatable' ? `R__${migration.name}` : migration.version;
}

/** How messages call a migration: `202611210600_organizations`. */
export function labelOf(migration: { readonly version: string; readonly name: string }): string {
  return [migration.version, migration.name].filter(Boolean).join('_');
}
