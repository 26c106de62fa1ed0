import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, systemClock, writeFileAtomic } from '../core/index.js';
import { MIGRATE_ERRORS } from './errors.js';
import type { DraftHeads } from './folder/format.js';
import { formatNamed, readFolder } from './folder/read-folder.js';
import { nextVersion } from './next-version.js';

export interface NewMigrationOptions {
  /** The folder; made if it is not there. */
  readonly folder: string;
  readonly displayFolder?: string;
  /** The name of the folder's format; told by its files unless given, and pairs where it has none. */
  readonly format?: string;
  /** What the change does, in a few words: becomes the file's name. */
  readonly description: string;
  readonly clock?: Clock;
  /** What the scripts say; an empty migration with heads to fill in unless given. */
  readonly scripts?: DraftHeads;
}

export interface NewMigration {
  readonly version: string;
  readonly name: string;
  /** The path of the up script. */
  readonly up: string;
  /** The path of the down script: the same where one file holds both; none where the format has no way down. */
  readonly down: string | undefined;
}

/**
 * Writes a migration as the folder's format has it, by default an empty one with a head that says what belongs there.
 * The version follows the folder's newest in its own way of counting; in a new folder it is the time in UTC,
 * `YYYYMMDDHHMM`.
 * @throws MIGRATE_NAME_INVALID, FILE_NOT_WRITTEN
 */
export function newMigration(options: NewMigrationOptions): NewMigration {
  const name = slugOf(options.description);
  const format = options.format ?? 'auto';
  const folder = existsSync(options.folder)
    ? readFolder({ path: options.folder, displayPath: options.displayFolder ?? options.folder, format })
    : undefined;
  const newest = folder?.migrations.findLast(({ kind }) => kind === 'versioned')?.version;
  const version = nextVersion(newest, (options.clock ?? systemClock).now());
  const scripts = options.scripts ?? {
    up: `-- What: ${options.description}\n-- Why:\n-- Locks:\n\n`,
    down: `-- Takes back: ${options.description}\n\n`,
  };
  const draft = formatNamed(folder?.format ?? (format === 'auto' ? 'pairs' : format)).draft(
    `${version}_${name}`,
    scripts,
  );
  for (const file of [draft.up, draft.down]) {
    if (file) {
      writeFileAtomic(join(options.folder, file.path), file.text);
    }
  }
  const up = join(options.folder, draft.up.path);
  const isOneFile = draft.up.text.includes(scripts.down);
  const down = draft.down ? join(options.folder, draft.down.path) : isOneFile ? up : undefined;
  return { version, name, up, down };
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
