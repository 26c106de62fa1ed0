/**
 * A folder a migration: `<version>_<name>/migration.sql`, up only. A `down.sql` beside it, which Prisma's manual
 * advises to generate with `prisma migrate diff`, is taken as its way back. Prisma knows a migration by its
 * folder's whole name and orders these letter by letter.
 * Source: prisma/prisma-engines, schema-engine/connectors/schema-connector/src/migrations_directory.rs; Prisma
 * manual, "Generating down migrations".
 */
import type { FolderFormat } from './format.js';
import { misplaced } from './misplaced.js';
import { wholeFile } from './script-file.js';

const UP = /^([^/]+)\/migration\.sql$/;
const WANTED = '<version>_<name>/migration.sql, the version in digits';

export const prisma: FolderFormat = {
  name: 'prisma',
  tools: 'Prisma',
  wanted: WANTED,
  isNamed: (path) => UP.test(path),
  read: (folder, paths) =>
    paths.map((path) => {
      const [, version = ''] = UP.exec(path)!;
      if (!/^\d/.test(version)) {
        throw misplaced(folder, path, 'the name of its folder has no version', WANTED);
      }
      const down = `${version}/down.sql`;
      return {
        version,
        name: '',
        kind: 'versioned',
        up: wholeFile(folder, path),
        down: folder.has(down) ? wholeFile(folder, down) : undefined,
      };
    }),
  draft: (stem, heads) => ({
    up: { path: `${stem}/migration.sql`, text: heads.up },
    down: { path: `${stem}/down.sql`, text: heads.down },
  }),
  order: (a, b) => (a.version < b.version ? -1 : 1),
};
