/**
 * A folder a migration: `<version>_<name>/up.sql` and, where there is a way back, `down.sql`. The version is
 * what stands before the first underscore, dashes left out (`2026-11-21-060000` is `20261121060000`); versions
 * are ordered letter by letter. `run_in_transaction = false` in its `metadata.toml` runs it without one.
 * Source: diesel-rs/diesel, diesel_migrations/src/file_based_migrations.rs and
 * diesel_migrations/migrations_internals/src/lib.rs.
 */
import type { Migration, ScriptSource } from '../migration.js';
import type { FolderFormat, FolderListing } from './format.js';
import { misplaced } from './misplaced.js';
import { wholeFile } from './script-file.js';

const UP = /^([^/_]+)(?:_([^/]*))?\/up\.sql$/;
const WANTED = '<version>_<name>/up.sql, the version in digits and dashes';

export const diesel: FolderFormat = {
  name: 'diesel',
  tools: 'Diesel',
  wanted: WANTED,
  isNamed: (path) => /^[^/]+\/up\.sql$/.test(path),
  read(folder, paths) {
    for (const down of folder.paths.filter((path) => /^[^/]+\/down\.sql$/.test(path))) {
      const up = down.replace(/down\.sql$/, 'up.sql');
      if (!folder.has(up)) {
        throw misplaced(folder, down, 'it has no up script beside it', up);
      }
    }
    return paths.map((path) => readOne(folder, path));
  },
  draft: (stem, heads) => ({
    up: { path: `${stem}/up.sql`, text: heads.up },
    down: { path: `${stem}/down.sql`, text: heads.down },
  }),
  order: (a, b) => (a.version < b.version ? -1 : 1),
};

function readOne(folder: FolderListing, path: string): Migration {
  const [, written = '', name = ''] = UP.exec(path) ?? [];
  const version = written.replaceAll('-', '');
  if (!/^\d+$/.test(version)) {
    throw misplaced(folder, path, 'the name of its folder has no version', WANTED);
  }
  const own = path.slice(0, path.lastIndexOf('/'));
  const withoutTransaction = isWithoutTransaction(folder, `${own}/metadata.toml`);
  const script = (file: string): ScriptSource => wholeFile(folder, file, withoutTransaction);
  const down = `${own}/down.sql`;
  return {
    version,
    name,
    kind: 'versioned',
    up: script(path),
    down: folder.has(down) ? script(down) : undefined,
  };
}

function isWithoutTransaction(folder: FolderListing, metadata: string): boolean {
  return folder.has(metadata) && /^\s*run_in_transaction\s*=\s*false\b/m.test(folder.text(metadata));
}
