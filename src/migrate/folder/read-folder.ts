import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../core/index.js';
import { MIGRATE_ERRORS } from '../errors.js';
import { keyOf, type Migration, type MigrationFolder } from '../migration.js';
import { compareVersions } from '../version.js';
import { programNotices, programsOf } from './code-migrations.js';
import { dbmate } from './dbmate.js';
import { accept, detectFormat } from './detect.js';
import { diesel } from './diesel.js';
import { flyway } from './flyway.js';
import type { FolderFormat, FolderListing } from './format.js';
import { goose } from './goose.js';
import { nodePgMigrate } from './node-pg-migrate.js';
import { pairs } from './pairs.js';
import { prisma } from './prisma.js';
import { sqlMigrate } from './sql-migrate.js';
import { sqlx } from './sqlx.js';

/** Every format. */
const FORMATS: readonly FolderFormat[] = [
  pairs,
  flyway,
  dbmate,
  goose,
  sqlMigrate,
  nodePgMigrate,
  sqlx,
  diesel,
  prisma,
];

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
 * by name. A folder without `.sql` files is a folder of no migrations. Files that are no migrations (a README, a
 * lock file) are passed over; `notices` says what of the tool's Plinth leaves out. A folder that was read before, and
 * a bundle's, is given back as it is.
 * @throws MIGRATE_FOLDER_NOT_FOUND, MIGRATE_FOLDER_UNRECOGNIZED, MIGRATE_FILE_MISPLACED,
 *   MIGRATE_VERSION_DUPLICATE, MIGRATE_ORDER_DIFFERS
 */
export function readFolder(options: ReadFolderOptions | MigrationFolder): MigrationFolder {
  if ('migrations' in options) {
    return options;
  }
  const listing = listFolder(options.path, options.displayPath ?? options.path);
  const named = FORMATS.find(({ name }) => name === options.format);
  const detected = named ? accept(listing, named) : detectFormat(listing, FORMATS);
  const { format, paths } = detected ?? { format: pairs, paths: [] };
  const migrations = inOrder(format.read(listing, paths));
  checkOrder(format, migrations);
  const programs = programsOf(listing);
  return {
    path: listing.path,
    format: format.name,
    migrations,
    programs,
    notices: [...programNotices(listing, programs), ...(format.notices?.(listing) ?? [])],
  };
}

/** The format of that name; Plinth's own where there is none. */
export function formatNamed(name: string): FolderFormat {
  return FORMATS.find((format) => format.name === name) ?? pairs;
}

function listFolder(path: string, displayPath: string): FolderListing {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw MIGRATE_ERRORS.FOLDER_NOT_FOUND({
      message: `Cannot read the migrations: there is no folder ${displayPath}`,
      details: { path },
    });
  }
  const paths = filesBelow(path, '').sort();
  const known = new Set(paths);
  return {
    path: displayPath,
    paths,
    has: (name) => known.has(name),
    text: (name) => readText(join(path, name)),
  };
}

function filesBelow(path: string, prefix: string): string[] {
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesBelow(join(path, entry.name), `${prefix}${entry.name}/`)
        : [`${prefix}${entry.name}`],
    );
}

function inOrder(migrations: readonly Migration[]): readonly Migration[] {
  const seen = new Map<string, Migration>();
  for (const migration of migrations) {
    const key = keyOf(migration).replace(/^0+(?=\d+$)/, '');
    const twin = seen.get(key);
    if (twin) {
      throw MIGRATE_ERRORS.VERSION_DUPLICATE({
        message: `Cannot order the migrations: ${twin.up.file} and ${migration.up.file} have the same version`,
        details: { version: keyOf(migration) },
      });
    }
    seen.set(key, migration);
  }
  return [...migrations].sort((a, b) =>
    a.kind === b.kind
      ? compareVersions(a.version, b.version) || (a.name < b.name ? -1 : 1)
      : a.kind === 'versioned'
        ? -1
        : 1,
  );
}

/** A folder that its own tool would apply in another order is refused: neither order may be assumed. */
function checkOrder(format: FolderFormat, migrations: readonly Migration[]): void {
  const versioned = migrations.filter(({ kind }) => kind === 'versioned');
  for (const [index, migration] of versioned.entries()) {
    const next = versioned[index + 1];
    if (next && format.order && format.order(migration, next) > 0) {
      throw MIGRATE_ERRORS.ORDER_DIFFERS({
        message: `Cannot order the migrations: ${format.tools} applies ${next.up.file} before ${migration.up.file}, though its version is the newer one`,
        details: { version: next.version, before: migration.version },
      });
    }
  }
}
