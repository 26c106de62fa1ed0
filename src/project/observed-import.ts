import { count, errorCodeOf, log, observe } from '../telemetry/index.js';
import type { ImportResult } from '../usage/index.js';

/** Imports usage, and records how it went. */
export async function observedImport(work: () => Promise<ImportResult>): Promise<ImportResult> {
  const startedMs = performance.now();
  try {
    const result = await work();
    const { rowsRead, rowsInserted, rowsDuplicate, rowsRejected } = result;
    count('plinth.usage.imported', rowsInserted, { 'plinth.usage.outcome': 'inserted' });
    count('plinth.usage.imported', rowsDuplicate, { 'plinth.usage.outcome': 'duplicate' });
    if (rowsRejected > 0) {
      count('plinth.usage.imported', rowsRejected, { 'plinth.usage.outcome': 'rejected' });
    }
    observe('plinth.usage.import.duration', (performance.now() - startedMs) / 1000, {});
    log('info', 'usage.imported', {
      rows: rowsRead,
      inserted: rowsInserted,
      duration_ms: Math.round(performance.now() - startedMs),
    });
    return result;
  } catch (error) {
    const attributes = { 'error.type': errorCodeOf(error) };
    observe('plinth.usage.import.duration', (performance.now() - startedMs) / 1000, attributes);
    throw error;
  }
}
