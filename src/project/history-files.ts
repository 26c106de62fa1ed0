/**
 * Where DuckDB reads the history: a folder as it is; objects of a store from a cache under `.plinth/history-cache`,
 * each checked and kept under its SHA-256. What was used longest ago goes when the cache has grown too large.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { HistoryFiles } from '../usage/index.js';
import type { ProjectContext } from './context.js';
import { historyStore } from './history-store.js';

/** `undefined` when plinth.yaml names no history. */
export function historyFiles(context: ProjectContext): HistoryFiles | undefined {
  const { history } = context.config.settings.usage;
  if (!history) {
    return undefined;
  }
  if (!history.store.startsWith('s3://')) {
    const folder = resolve(context.config.root, history.store);
    return { pathOf: async ({ objectKey }) => join(folder, objectKey) };
  }
  const store = historyStore(context, history.store);
  const cache = join(context.config.root, '.plinth', 'history-cache');
  return {
    pathOf: async ({ objectKey, sha256, fileBytes }) => {
      const path = join(cache, `${sha256.toString('hex')}.parquet`);
      if (existsSync(path)) {
        utimesSync(path, new Date(), new Date());
        return path;
      }
      const { fetchSegment } = await import('../usage/index.js');
      mkdirSync(cache, { recursive: true });
      shrink(cache, MOST_CACHE_BYTES - fileBytes);
      const temporary = `${path}.${process.pid}.tmp`;
      await fetchSegment(store, { objectKey, sha256 }, temporary);
      renameSync(temporary, path);
      return path;
    },
  };
}

const MOST_CACHE_BYTES = 20 * 2 ** 30;

/** Files of the running question were used a moment ago: they are the last to go. */
function shrink(folder: string, mostBytes: number): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => ({ path: join(folder, name), ...usedAndSize(join(folder, name)) }))
    .sort((a, b) => a.usedMs - b.usedMs);
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files) {
    if (bytes <= mostBytes) {
      return;
    }
    rmSync(file.path, { force: true });
    bytes -= file.bytes;
  }
}

function usedAndSize(path: string): { readonly usedMs: number; readonly bytes: number } {
  const { mtimeMs, size } = statSync(path);
  return { usedMs: mtimeMs, bytes: size };
}
