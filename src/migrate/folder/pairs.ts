/** `<version>_<name>.up.sql` and `.down.sql`: Plinth's own form, and that of golang-migrate and sqlx. */
import { MIGRATE_ERRORS } from '../errors.js';
import type { Migration, ScriptSource } from '../migration.js';
import type { FolderFormat, FolderListing } from './format.js';

const FILE_NAME = /^(\d+)(?:_(.*?))?\.(up|down)\.sql$/;

export const pairs: FolderFormat = {
  name: 'pairs',
  tools: 'Plinth, golang-migrate, sqlx',
  read(folder) {
    const names = folder.names.filter((name) => !name.includes('/') && name.endsWith('.sql'));
    return names.some((name) => FILE_NAME.test(name)) ? readPairs(folder, names) : undefined;
  },
};

function readPairs(folder: FolderListing, names: readonly string[]): readonly Migration[] {
  const byStem = new Map<string, { version: string; name: string; up?: ScriptSource; down?: ScriptSource }>();
  for (const fileName of names) {
    const match = FILE_NAME.exec(fileName);
    if (!match) {
      throw misplaced(folder, fileName, 'its name is not <version>_<name>.up.sql or .down.sql');
    }
    const [, version, name = '', direction] = match;
    const stem = `${version}_${name}`;
    const entry = byStem.get(stem) ?? { version: version!, name };
    const source = { file: `${folder.path}/${fileName}`, read: () => folder.text(fileName) };
    byStem.set(stem, { ...entry, [direction!]: source });
  }
  return [...byStem.values()].map((entry) => {
    if (!entry.up) {
      throw misplaced(folder, `${entry.version}_${entry.name}.down.sql`, 'it has no up script beside it');
    }
    return { version: entry.version, name: entry.name, kind: 'versioned', up: entry.up, down: entry.down };
  });
}

function misplaced(folder: FolderListing, fileName: string, reason: string): Error {
  return MIGRATE_ERRORS.FILE_MISPLACED({
    message: `Cannot read ${folder.path}/${fileName} as a migration: ${reason}`,
    details: { file: fileName },
  });
}
