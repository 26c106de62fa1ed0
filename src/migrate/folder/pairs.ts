/**
 * `<version>_<name>.up.sql` and `.down.sql`: Plinth's own form, and that of golang-migrate and sqlx. These two
 * match up and down by version alone, so a down whose name differs from its up's is found too.
 * Source: golang-migrate/migrate, source/parse.go and source/migration.go.
 */
import type { Migration, ScriptSource } from '../migration.js';
import { isProgram } from './code-migrations.js';
import type { FolderFormat, FolderListing } from './format.js';
import { misplaced } from './misplaced.js';
import { wholeFile } from './script-file.js';

const FILE_NAME = /^(\d+)(?:_([^/]*?))?\.(up|down)\.sql$/;

export const pairs: FolderFormat = {
  name: 'pairs',
  tools: 'Plinth, golang-migrate or sqlx',
  wanted: '<version>_<name>.up.sql or <version>_<name>.down.sql',
  isNamed: (path) => FILE_NAME.test(path),
  read: readPairs,
  draft: (stem, heads) => ({
    up: { path: `${stem}.up.sql`, text: heads.up },
    down: { path: `${stem}.down.sql`, text: heads.down },
  }),
};

interface Script {
  readonly path: string;
  readonly stem: string;
  readonly version: string;
  readonly name: string;
}

/** @throws MIGRATE_FILE_MISPLACED for a down script without its up */
export function readPairs(
  folder: FolderListing,
  paths: readonly string[],
  source: (path: string) => ScriptSource = (path) => wholeFile(folder, path),
): readonly Migration[] {
  const ups = scriptsOf(paths, 'up');
  const downs = new Map(scriptsOf(paths, 'down').map((down) => [down.stem, down]));
  const stems = new Set(ups.map(({ stem }) => stem));
  const strays = [...downs.values()].filter(({ stem }) => !stems.has(stem));
  const migrations = ups.map(({ path, stem, version, name }): Migration => {
    const down = downs.get(stem) ?? takeStray(strays, version);
    return { version, name, kind: 'versioned', up: source(path), down: down && source(down.path) };
  });
  const lone = strays.find(({ stem }) => !isProgram(folder, `${stem}.up.sql`));
  if (lone) {
    throw misplaced(folder, lone.path, 'it has no up script beside it', `${lone.stem}.up.sql`);
  }
  return migrations;
}

function scriptsOf(paths: readonly string[], direction: 'up' | 'down'): Script[] {
  return paths.flatMap((path) => {
    const [, version = '', name = '', found] = FILE_NAME.exec(path) ?? [];
    const stem = path.slice(0, -`.${direction}.sql`.length);
    return found === direction ? [{ path, stem, version, name }] : [];
  });
}

function takeStray(strays: Script[], version: string): Script | undefined {
  const index = strays.findIndex((stray) => stray.version === version);
  return index === -1 ? undefined : strays.splice(index, 1)[0];
}
