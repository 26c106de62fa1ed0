/** What to apply to an empty database so that a schema comes to be. */
import type { AppliedFolder, FolderChoice, MigrationFolder } from '../migrate/index.js';

/** Migrations of one target to apply. */
export interface RecipeStep {
  readonly target: string;
  /** The schema, where the target is migrated schema by schema. */
  readonly scope?: string;
  readonly sharedSchemas?: readonly string[];
  readonly folder: FolderChoice | MigrationFolder;
  /** Stop after this version; all of them unless given, none for `0`. */
  readonly to?: string;
}

export interface Recipe {
  readonly steps: readonly RecipeStep[];
  /** The role that owns what is made, where the server is of our own. */
  readonly role?: string;
  /** Extensions that must be there before the first step, with their schemas. */
  readonly extensions?: readonly { readonly name: string; readonly schema: string }[];
}

/** The steps of folders that were made from a ledger. */
export function stepsOf(folders: readonly AppliedFolder[]): readonly RecipeStep[] {
  return folders.map(({ target, scope, folder }) => ({
    target,
    folder,
    ...(scope === '' ? {} : { scope }),
  }));
}
