import { join, resolve } from 'node:path';
import type { HistoryFiles } from '../usage/index.js';
import type { ProjectContext } from './context.js';
import { historyStore } from './history-store.js';

/**
 * Where DuckDB reads the history: a folder as it is; objects of a store from a cache under `.plinth/history-cache`.
 * `undefined` when plinth.yaml names no history.
 */
export async function historyFiles(context: ProjectContext): Promise<HistoryFiles | undefined> {
  const { history } = context.config.settings.usage;
  if (!history) {
    return undefined;
  }
  const { cachedFiles, folderFiles } = await import('../usage/index.js');
  return history.store.startsWith('s3://')
    ? cachedFiles({
        store: historyStore(context, history.store),
        folder: join(context.config.root, '.plinth', 'history-cache'),
      })
    : folderFiles(resolve(context.config.root, history.store));
}
