import { existsSync } from 'node:fs';
import { readText, reasonOf, writeFileAtomic } from '../core/index.js';
import {
  combined,
  log,
  prometheusText,
  type RecordedMetrics,
  recordedMetrics,
  since,
} from '../telemetry/index.js';

/** What has gone into each file already. */
const written = new Map<string, RecordedMetrics>();

/**
 * Adds what this process has recorded since the last time to the file of metrics, which a node exporter reads: the
 * file is replaced whole, so that it is never seen half written. A file that cannot be written is told, and no error.
 */
export function updatePrometheusFile(path: string): void {
  const metrics = recordedMetrics();
  try {
    const before = existsSync(path) ? readText(path) : '';
    writeFileAtomic(path, prometheusText(combined(before, since(metrics, written.get(path)))));
    written.set(path, new Map([...metrics].map(([name, series]) => [name, new Map(series)])));
  } catch (cause) {
    log('warn', 'telemetry.file_not_written', {
      file: path,
      message: `The Prometheus file is not written: ${reasonOf(cause)}`,
    });
  }
}
