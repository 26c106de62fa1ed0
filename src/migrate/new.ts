import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock, writeFileAtomic } from '../core/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import { readFolder } from './folder/read-folder.js';
import { compareVersions } from './version.js';

export interface NewMigrationOptions {
  /** The folder; made if it is not there. */
  readonly folder: string;
  readonly displayFolder?: string;
  /** What the change does, in a few words: becomes the file's name. */
  readonly description: string;
  readonly clock?: Clock;
}

export interface NewMigration {
  readonly version: string;
  readonly name: string;
  /** The paths of the two files. */
  readonly up: string;
  readonly down: string;
}

/**
 * Writes an empty migration: two files with a head that says what belongs there. The version is the time in
 * UTC, `YYYYMMDDHHMM`, moved on by a minute while it is no newer than the newest of the folder.
 * @throws MIGRATE_NAME_INVALID, FILE_NOT_WRITTEN
 */
export function newMigration(options: NewMigrationOptions): NewMigration {
  const name = slugOf(options.description);
  const newest = existsSync(options.folder)
    ? readFolder({ path: options.folder, displayPath: options.displayFolder ?? options.folder })
        .migrations.filter(({ kind }) => kind === 'versioned')
        .at(-1)?.version
    : undefined;
  let time = (options.clock ?? systemClock).now();
  while (newest !== undefined && compareVersions(versionAt(time), newest) <= 0 && /^20\d{10}$/.test(newest)) {
    time = new Date(time.getTime() + 60_000);
  }
  const version = versionAt(time);
  const files = {
    up: join(options.folder, `${version}_${name}.up.sql`),
    down: join(options.folder, `${version}_${name}.down.sql`),
  };
  writeFileAtomic(files.up, `-- What: ${options.description}\n-- Why:\n-- Locks:\n\n`);
  writeFileAtomic(files.down, `-- Takes back: ${options.description}\n\n`);
  return { version, name, ...files };
}

function slugOf(description: string): string {
  const slug = description
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
    .replace(/_+$/, '');
  if (slug === '') {
    throw MIGRATE_ERRORS.NAME_INVALID({
      message: `Cannot name a migration after '${description}': it has no letters or digits`,
    });
  }
  return slug;
}

function versionAt(time: Date): string {
  return time.toISOString().slice(0, 16).replace(/\D/g, '');
}
