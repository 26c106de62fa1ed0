/**
 * Files of a store in a folder of this machine, for DuckDB to read: each is checked when it is fetched and kept under
 * its SHA-256. Beside it lies what the file system said of it then; a file of which it says something else now was
 * changed since, and is fetched again. What was used longest ago goes when the folder has grown too large.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { ObjectStore } from '../../storage/index.js';
import { fetchSegment } from './fetch-segment.js';
import type { HistoryFiles } from './segments.js';

export interface CachedFilesOptions {
  readonly store: ObjectStore;
  readonly folder: string;
  /** How large the folder may grow; 20 GiB unless given. */
  readonly mostBytes?: number;
}

/** @throws as `fetchSegment`, from `pathOf` */
export function cachedFiles({ store, folder, mostBytes = 20 * 2 ** 30 }: CachedFilesOptions): HistoryFiles {
  return {
    pathOf: async ({ objectKey, sha256, fileBytes }) => {
      const path = join(folder, `${sha256.toString('hex')}.parquet`);
      const note = `${path}.checked`;
      if (existsSync(note) && readFileSync(note, 'utf8') === stateOf(path)) {
        utimesSync(note, new Date(), new Date());
        return path;
      }
      mkdirSync(folder, { recursive: true });
      shrink(folder, mostBytes - fileBytes);
      const temporary = `${path}.${process.pid}.tmp`;
      try {
        await fetchSegment(store, { objectKey, sha256 }, temporary);
        renameSync(temporary, path);
      } finally {
        rmSync(temporary, { force: true });
      }
      writeFileSync(note, stateOf(path));
      return path;
    },
  };
}

/** Any write through the file system changes the time of the last change, which nobody can set. */
function stateOf(path: string): string {
  const state = statSync(path, { bigint: true, throwIfNoEntry: false });
  return state ? `${state.size} ${state.mtimeNs} ${state.ctimeNs}` : '';
}

/** Files of the running question were used a moment ago: they are the last to go. */
function shrink(folder: string, mostBytes: number): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => join(folder, name))
    .map((path) => ({
      path,
      bytes: statSync(path).size,
      usedMs: statSync(`${path}.checked`, { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => a.usedMs - b.usedMs);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files) {
    if (bytes <= mostBytes) {
      return;
    }
    rmSync(file.path, { force: true });
    rmSync(`${file.path}.checked`, { force: true });
    bytes -= file.bytes;
  }
}
