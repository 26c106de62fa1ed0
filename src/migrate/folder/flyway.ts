/**
 * `V<version>__<name>.sql`, its undo `U<version>__<name>.sql`, and repeatable `R__<name>.sql`, in the folder and
 * those below it. Parts of a version are numbers, parted by dots or underscores. A baseline `B<version>__…`
 * stands for the versions up to its own where those are not there any more. `<file>.conf` beside a script may
 * say `executeInTransaction=false`.
 * Source: flyway/flyway, flyway-core: internal/resource/ResourceNameParser.java, api/MigrationVersion.java,
 * internal/sqlscript/SqlScriptMetadata.java; Flyway's manual, "Migrations", "Placeholders", "Callbacks".
 *
 * Placeholders are not filled in: a script that has one is refused, with its place. Callbacks
 * (`afterMigrate.sql` and others) are not called: the plan says so.
 */
import { MIGRATE_ERRORS } from '../errors.js';
import type { Migration, ScriptSource } from '../migration.js';
import { compareVersions } from '../version.js';
import type { FolderFormat, FolderListing } from './format.js';
import { misplaced } from './misplaced.js';
import { wholeFile } from './script-file.js';

const VERSIONED = /^([VUB])(\d+(?:[._]\d+)*)(?:__(.*))?\.sql$/;
const REPEATABLE = /^R__(.+)\.sql$/;
const CALLBACK = /^(before|after|create)[A-Z][A-Za-z]*(__.*)?\.sql$/;

export const flyway: FolderFormat = {
  name: 'flyway',
  tools: 'Flyway',
  wanted: 'V<version>__<name>.sql, U<version>__<name>.sql or R__<name>.sql',
  isNamed: (path) => [VERSIONED, REPEATABLE, CALLBACK].some((form) => form.test(baseName(path))),
  read(folder, paths) {
    const versioned = paths.flatMap((path) => partsOf(path));
    const undo = new Map(
      versioned.filter(({ prefix }) => prefix === 'U').map((file) => [file.version, file]),
    );
    const ups = versioned.filter(({ prefix }) => prefix === 'V');
    const standIns = versioned.filter((file) => file.prefix === 'B' && !isCovered(file.version, ups));
    const applied = new Set(ups.map(({ version }) => version));
    const stray = [...undo.values()].find(({ version }) => !applied.has(version));
    if (stray) {
      throw misplaced(folder, stray.path, 'it undoes a version that has no script', `V${stray.version}__…`);
    }
    return [
      ...[...standIns, ...ups].map(({ version, name, path }): Migration => {
        const down = undo.get(version);
        return {
          version,
          name,
          kind: 'versioned',
          up: script(folder, path),
          down: down && script(folder, down.path),
        };
      }),
      ...paths.flatMap((path): Migration[] => {
        const name = REPEATABLE.exec(baseName(path))?.[1];
        return name === undefined
          ? []
          : [{ version: '', name, kind: 'repeatable', up: script(folder, path), down: undefined }];
      }),
    ];
  },
  draft: (stem, heads) => {
    const name = stem.replace('_', '__');
    return {
      up: { path: `V${name}.sql`, text: heads.up },
      down: { path: `U${name}.sql`, text: heads.down },
    };
  },
  notices: (folder) =>
    folder.paths
      .filter((path) => CALLBACK.test(baseName(path)))
      .map((path) => `${folder.path}/${path} is a callback of Flyway's, which Plinth does not call`),
};

interface VersionedFile {
  readonly path: string;
  readonly prefix: string;
  readonly version: string;
  readonly name: string;
}

function partsOf(path: string): VersionedFile[] {
  const match = VERSIONED.exec(baseName(path));
  const [, prefix = '', version = '', name = ''] = match ?? [];
  return match ? [{ path, prefix, version: version.replaceAll('_', '.'), name }] : [];
}

/** A baseline stands for nothing where the scripts up to its version are still there. */
function isCovered(baseline: string, ups: readonly VersionedFile[]): boolean {
  return ups.some(({ version }) => compareVersions(version, baseline) <= 0);
}

function script(folder: FolderListing, path: string): ScriptSource {
  const settings = folder.has(`${path}.conf`) ? folder.text(`${path}.conf`) : '';
  const source = wholeFile(folder, path, /^\s*executeInTransaction\s*=\s*false\b/m.test(settings));
  const fills = !/^\s*placeholderReplacement\s*=\s*false\b/m.test(settings);
  return fills ? { ...source, read: () => withoutPlaceholder(source.file, folder.text(path)) } : source;
}

/** @throws MIGRATE_SCRIPT_INVALID for the first `${…}` */
function withoutPlaceholder(file: string, text: string): string {
  const found = /\$\{[^}\n]*\}/.exec(text);
  if (found) {
    throw MIGRATE_ERRORS.SCRIPT_INVALID({
      message: `Cannot run ${file}: ${found[0]} is a placeholder of Flyway's, which Plinth does not fill in`,
      hint: 'Write its value into the script; or, if it is no placeholder, put placeholderReplacement=false into a file of the script’s name with .conf added.',
      source: { file, text, start: found.index, end: found.index + found[0].length },
    });
  }
  return text;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
