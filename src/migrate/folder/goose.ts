/**
 * `<version>_<name>.sql` with `-- +goose Up` and `-- +goose Down`. `-- +goose NO TRANSACTION` anywhere in the
 * file holds for both directions. `StatementBegin` and `StatementEnd` only help goose to find the end of a
 * statement and mean nothing to a real parser. Versions are 64-bit integers: their order is that of numbers.
 * Source: pressly/goose 520411a, internal/sqlparser/parser.go and `NumericComponent` in migration.go.
 *
 * `-- +goose ENVSUB ON` puts values of the environment into the statements. A script that uses it is refused:
 * what is applied would depend on the machine, and the ledger would keep what may be a secret.
 */
import { MIGRATE_ERRORS } from '../errors.js';
import type { FolderFormat } from './format.js';
import { type Markers, markedMigration } from './marked-file.js';
import type { LineOwner } from './script-file.js';

const FILE_NAME = /^(\d+)_([^/]*?)(?<!\.up|\.down)\.sql$/;
const MARKER = /^--\s*\+goose\s+(.*?)\s*$/;

export const goose: FolderFormat = {
  name: 'goose',
  tools: 'goose',
  wanted: '<version>_<name>.sql with a line -- +goose Up',
  isNamed: (path) => FILE_NAME.test(path),
  marker: /^--\s*\+goose\s/m,
  read: (folder, paths) =>
    paths.map((path) => {
      const [, version, name] = FILE_NAME.exec(path)!;
      return markedMigration(folder, {
        path,
        version: version!,
        name: name!,
        divide,
        check: refuseSubstitution,
      });
    }),
  draft: (stem, { up, down }) => ({
    up: { path: `${stem}.sql`, text: `-- +goose Up\n${up}-- +goose Down\n${down}` },
  }),
};

function divide(text: string): Markers {
  const owners: LineOwner[] = [];
  const withoutTransaction = { up: false };
  let part: LineOwner;
  let flaw: Markers['flaw'];
  for (const line of text.split('\n')) {
    const annotation = MARKER.exec(line)?.[1]?.toLowerCase();
    if (annotation === 'up') {
      flaw ??= part && { reason: 'it has more than one up', wanted: 'one line -- +goose Up' };
      part = 'up';
    } else if (annotation === 'down') {
      flaw ??= part === 'up' ? undefined : UP_FIRST;
      part = 'down';
    } else if (annotation === 'no transaction') {
      withoutTransaction.up = true;
    }
    flaw ??= part === undefined && !/^\s*(--.*)?$/.test(line) ? UP_FIRST : undefined;
    owners.push(part);
  }
  flaw ??= owners.includes('up') ? undefined : UP_FIRST;
  return {
    owners,
    upWithoutTransaction: withoutTransaction.up,
    downWithoutTransaction: withoutTransaction.up,
    ...(flaw ? { flaw } : {}),
  };
}

const UP_FIRST = { reason: 'it does not begin with its up', wanted: 'a line -- +goose Up above all else' };

/** @throws MIGRATE_SCRIPT_INVALID for the first `$` that goose would look at while ENVSUB is on */
function refuseSubstitution(file: string, text: string, direction: 'up' | 'down'): void {
  const { owners } = divide(text);
  let isOn = false;
  let start = 0;
  text.split('\n').forEach((line, index) => {
    const annotation = MARKER.exec(line)?.[1]?.toLowerCase();
    isOn = annotation === 'envsub on' || (isOn && annotation !== 'envsub off');
    const at = isOn && owners[index] === direction && !/^\s*--/.test(line) ? line.indexOf('$') : -1;
    if (at !== -1) {
      throw MIGRATE_ERRORS.SCRIPT_INVALID({
        message: `Cannot run ${file}: below ENVSUB ON it takes values from the environment, which Plinth does not put into scripts`,
        hint: 'Write the value into the script, or let the migration call a setting: current_setting(…).',
        source: { file, text, start: start + at, end: start + at + 1 },
      });
    }
    start += line.length + 1;
  });
}
