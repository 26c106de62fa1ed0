/**
 * `<number>_<name>.sql` with `-- Up Migration` and `-- Down Migration`; a file without markers is all up. The
 * tool knows a migration by its file's whole name. It orders by the number, where 17 digits are a time in UTC
 * and others count milliseconds or files, then by name.
 * Source: salsita/node-pg-migrate 55b10c2, src/sqlMigration.ts, src/utils/comparators.ts, fileNameUtils.ts.
 */
import type { Migration } from '../migration.js';
import type { FolderFormat } from './format.js';
import { type Markers, markedMigration } from './marked-file.js';
import type { LineOwner } from './script-file.js';

const FILE_NAME = /^(\d[^/]*?)(?<!\.up|\.down)\.sql$/;
const MARKER = /^\s*--[\s-]*(up|down)\s+migration/i;

export const nodePgMigrate: FolderFormat = {
  name: 'node-pg-migrate',
  tools: 'node-pg-migrate',
  wanted: '<number>_<name>.sql with a line -- Up Migration',
  isNamed: (path) => FILE_NAME.test(path),
  marker: /^\s*--[\s-]*(up|down)\s+migration/im,
  read: (folder, paths) =>
    paths.map((path) =>
      markedMigration(folder, { path, version: FILE_NAME.exec(path)![1]!, name: '', divide }),
    ),
  draft: (stem, { up, down }) => ({
    up: { path: `${stem}.sql`, text: `-- Up Migration\n${up}-- Down Migration\n${down}` },
  }),
  order: (a, b) => timeOf(a) - timeOf(b) || a.version.localeCompare(b.version, undefined, BY_NAME),
};

const BY_NAME: Intl.CollatorOptions = {
  usage: 'sort',
  numeric: true,
  sensitivity: 'variant',
  ignorePunctuation: true,
};

function timeOf({ version }: Migration): number {
  const digits = /^\d+/.exec(version)![0];
  const time = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(digits);
  if (!time) {
    return Number(digits);
  }
  const [, year, month, day, hour, minute, second, millisecond] = time;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millisecond}Z`);
}

function divide(text: string): Markers {
  const seen = new Set<LineOwner>();
  const isMarked = text.split('\n').some((line) => MARKER.test(line));
  const owners: LineOwner[] = [];
  let part: LineOwner = isMarked ? undefined : 'up';
  for (const line of text.split('\n')) {
    const direction = MARKER.exec(line)?.[1]?.toLowerCase() as 'up' | 'down' | undefined;
    if (direction && !seen.has(direction)) {
      part = direction;
      seen.add(direction);
    }
    owners.push(part);
  }
  return {
    owners,
    upWithoutTransaction: false,
    downWithoutTransaction: false,
    ...(owners.includes('up')
      ? {}
      : {
          flaw: {
            reason: 'it marks a down and no up, so that node-pg-migrate would apply all of it',
            wanted: 'a line -- Up Migration',
          },
        }),
  };
}
