/**
 * `<anything>.sql` with `-- +migrate Up [notransaction]` and `-- +migrate Down [notransaction]`, each as often
 * as one likes. The tool knows a migration by its whole file name and orders by the number that it begins
 * with, then letter by letter. Source: rubenv/sql-migrate 563a2f0, sqlparse/sqlparse.go and `Less` in
 * migrate.go.
 *
 * One difference: the tool drops every line that begins with `-- `, also inside a function's body; here the
 * body keeps its comments.
 */
import type { Migration } from '../migration.js';
import type { FolderFormat } from './format.js';
import { type Markers, markedMigration } from './marked-file.js';
import type { LineOwner } from './script-file.js';

const FILE_NAME = /^(\d[^/]*?)(?<!\.up|\.down)\.sql$/;
const MARKER = /^-- \+migrate (Up|Down)\b(.*)$/;

export const sqlMigrate: FolderFormat = {
  name: 'sql-migrate',
  tools: 'sql-migrate',
  wanted: '<version>-<name>.sql with a line -- +migrate Up',
  isNamed: (path) => FILE_NAME.test(path),
  marker: /^-- \+migrate\s/m,
  read: (folder, paths) =>
    paths.map((path) => markedMigration(folder, { path, version: idOf(path), name: '', divide })),
  draft: (stem, { up, down }) => ({
    up: { path: `${stem.replace('_', '-')}.sql`, text: `-- +migrate Up\n${up}-- +migrate Down\n${down}` },
  }),
  order: (a, b) => numberOf(a) - numberOf(b) || (a.up.file < b.up.file ? -1 : 1),
};

function idOf(path: string): string {
  return FILE_NAME.exec(path)![1]!;
}

function numberOf({ version }: Migration): number {
  return Number(/^\d+/.exec(version)![0]);
}

function divide(text: string): Markers {
  const without = { up: false, down: false };
  const owners: LineOwner[] = [];
  let part: LineOwner;
  for (const line of text.split('\n')) {
    const [marker, direction, options = ''] = MARKER.exec(line.trimEnd()) ?? [];
    if (marker !== undefined) {
      part = direction === 'Up' ? 'up' : 'down';
      without[part] ||= options.split(/\s+/).includes('notransaction');
    }
    owners.push(part);
  }
  return {
    owners,
    upWithoutTransaction: without.up,
    downWithoutTransaction: without.down,
    ...(owners.some((owner) => owner !== undefined)
      ? {}
      : { flaw: { reason: 'it marks neither up nor down', wanted: 'a line -- +migrate Up' } }),
  };
}
