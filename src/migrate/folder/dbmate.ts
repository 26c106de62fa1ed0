/**
 * `<version>_<name>.sql` with `-- migrate:up [transaction:false]` and `-- migrate:down [transaction:false]`.
 * dbmate wants both markers, up first; several such blocks in one file are run one after the other.
 * Files are ordered by name, letter by letter. Source: amacneil/dbmate f3e08f1, pkg/dbmate/migration.go and
 * `FindMigrations` in pkg/dbmate/db.go.
 */
import type { FolderFormat } from './format.js';
import { type Markers, markedMigration } from './marked-file.js';
import type { LineOwner } from './script-file.js';

const FILE_NAME = /^(\d+)([^/]*?)(?<!\.up|\.down)\.sql$/;
const MARKER = /^--\s*migrate:(up|down)(?:\s+(.*))?$/;

export const dbmate: FolderFormat = {
  name: 'dbmate',
  tools: 'dbmate',
  wanted: '<version>_<name>.sql with a line -- migrate:up and a line -- migrate:down',
  isNamed: (path) => FILE_NAME.test(path),
  marker: /^--\s*migrate:(up|down)\b/m,
  read: (folder, paths) =>
    paths.map((path) => {
      const [, version, name] = FILE_NAME.exec(path)!;
      return markedMigration(folder, {
        path,
        version: version!,
        name: name!.replace(/^[_-]/, ''),
        divide,
      });
    }),
  draft: (stem, { up, down }) => ({
    up: { path: `${stem}.sql`, text: `-- migrate:up\n${up}-- migrate:down\n${down}` },
  }),
  order: (a, b) => (a.up.file < b.up.file ? -1 : 1),
};

function divide(text: string): Markers {
  const without = { up: false, down: false };
  const owners: LineOwner[] = [];
  let part: LineOwner;
  let hasStatementBefore = false;
  for (const line of text.split('\n')) {
    const [marker, direction, options = ''] = MARKER.exec(line.trimEnd()) ?? [];
    if (marker !== undefined) {
      part = direction as 'up' | 'down';
      without[part] ||= options.split(/\s+/).includes('transaction:false');
    }
    hasStatementBefore ||= part === undefined && !/^\s*(--.*)?$/.test(line);
    owners.push(part);
  }
  const flaw = flawOf(owners, hasStatementBefore);
  return {
    owners,
    upWithoutTransaction: without.up,
    downWithoutTransaction: without.down,
    ...(flaw ? { flaw } : {}),
  };
}

function flawOf(owners: readonly LineOwner[], hasStatementBefore: boolean): Markers['flaw'] {
  if (!owners.includes('up')) {
    return { reason: 'it has no block of statements to apply', wanted: 'a line -- migrate:up' };
  }
  if (!owners.includes('down')) {
    return {
      reason: 'it has no block of statements to roll back',
      wanted: 'a line -- migrate:down',
    };
  }
  if (owners.indexOf('down') < owners.indexOf('up')) {
    return { reason: 'its down stands before its up', wanted: '-- migrate:up first' };
  }
  return hasStatementBefore
    ? { reason: 'a statement stands before its up', wanted: 'every statement below -- migrate:up' }
    : undefined;
}
