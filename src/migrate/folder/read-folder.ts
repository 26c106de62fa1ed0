import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../core/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import { keyOf, type Migration, type MigrationFolder } from '../migration.js';
import { compareVersions } from '../version.js';
import type { FolderFormat, FolderListing } from './format.js';
import { pairs } from './pairs.js';

/** Every format, in the order in which a folder is tried. */
const FORMATS: readonly FolderFormat[] = [pairs];

export interface ReadFolderOptions {
  /** The folder. */
  readonly path: string;
  /** The path as messages show it; `path` unless given. */
  readonly displayPath?: string;
  /** A format's name, or `auto` to find it out. */
  readonly format?: string;
}

/**
 * Reads a folder of migrations in the order in which they are applied: versions rising, then repeatable ones
 * by name. An empty folder is a folder of no migrations.
 * @throws MIGRATE_FOLDER_NOT_FOUND, MIGRATE_FOLDER_UNRECOGNIZED, MIGRATE_FILE_MISPLACED, MIGRATE_VERSION_DUPLICATE
 */
export function readFolder(options: ReadFolderOptions): MigrationFolder {
  const listing = listFolder(options.path, options.displayPath ?? options.path);
  const wanted = options.format ?? 'auto';
  const candidates = wanted === 'auto' ? FORMATS : FORMATS.filter(({ name }) => name === wanted);
  for (const format of candidates) {
    const migrations = format.read(listing);
    if (migrations) {
      return { path: listing.path, format: format.name, migrations: inOrder(migrations) };
    }
  }
  if (listing.names.some((name) => name.endsWith('.sql'))) {
    throw MIGRATE_ERRORS.FOLDER_UNRECOGNIZED({
      message: `Cannot read ${listing.path}: its files are not named like ${candidates.map(({ tools }) => tools).join(' or ')} names them`,
      details: { format: wanted },
    });
  }
  return { path: listing.path, format: 'pairs', migrations: [] };
}

function listFolder(path: string, displayPath: string): FolderListing {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw MIGRATE_ERRORS.FOLDER_NOT_FOUND({
      message: `Cannot read the migrations: there is no folder ${displayPath}`,
      details: { path },
    });
  }
  const names = readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(path, entry.name)).map((inner) => `${entry.name}/${inner}`)
      : [entry.name],
  );
  return { path: displayPath, names: names.sort(), text: (name) => readText(join(path, name)) };
}

function inOrder(migrations: readonly Migration[]): readonly Migration[] {
  const seen = new Map<string, Migration>();
  for (const migration of migrations) {
    const twin = seen.get(keyOf(migration));
    if (twin) {
      throw MIGRATE_ERRORS.VERSION_DUPLICATE({
        message: `Cannot order the migrations: ${twin.up.file} and ${migration.up.file} have the same version`,
        details: { version: keyOf(migration) },
      });
    }
    seen.set(keyOf(migration), migration);
  }
  return [...migrations].sort((a, b) =>
    a.kind === b.kind
      ? compareVersions(a.version, b.version) || (a.name < b.name ? -1 : 1)
      : a.kind === 'versioned'
        ? -1
        : 1,
  );
}
