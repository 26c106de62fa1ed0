/**
 * `<version>_<name>.sql`, each file one up script without a way down, as sqlx, the Supabase CLI and Atlas keep
 * them; and sqlx's pairs. A file that begins with `-- no-transaction` is run without one.
 * Source: launchbadge/sqlx 0.9, sqlx-core/src/migrate/source.rs; versions are 64-bit integers there, so their
 * order is that of numbers.
 */
import type { FolderFormat, FolderListing } from './format.js';
import { pairs, readPairs } from './pairs.js';
import { wholeFile } from './script-file.js';

const SINGLE = /^(\d+)(?:_([^/]*?))?(?<!\.up|\.down)\.sql$/;

export const sqlx: FolderFormat = {
  name: 'sqlx',
  tools: 'sqlx, Supabase or Atlas',
  wanted: '<version>_<name>.sql',
  isNamed: (path) => SINGLE.test(path),
  read(folder, paths) {
    const singles = paths.filter((path) => SINGLE.test(path));
    const paired = folder.paths.filter((path) => pairs.isNamed(path));
    const source = (path: string) => wholeFile(folder, path, isWithoutTransaction(folder, path));
    return [
      ...singles.map((path) => {
        const [, version, name = ''] = SINGLE.exec(path)!;
        return { version: version!, name, kind: 'versioned' as const, up: source(path), down: undefined };
      }),
      ...readPairs(folder, paired, source),
    ];
  },
  draft: (stem, heads) => ({ up: { path: `${stem}.sql`, text: heads.up } }),
};

function isWithoutTransaction(folder: FolderListing, path: string): boolean {
  return folder.text(path).startsWith('-- no-transaction');
}
