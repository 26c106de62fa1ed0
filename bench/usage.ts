/**
 * Usage: how fast events come in with duplicates found and hours marked, compared with a bare COPY into the same
 * partition, how fast rollups are computed, compared with the bare statement, in PostgreSQL and in DuckDB, and how
 * soon questions are answered over a month whose events are in the history.
 *
 *   npm run bench -- usage [--only ingest,rollup,history] [--events 200000] [--rounds 3] [--duckdb-events 1000000]
 *                          [--history-events 20000000] [--organizations 10000] [--keep]
 *                          [--folder /tmp] [--url postgresql://…]
 *
 * An hour of worst cardinality: organizations are drawn with a heavy tail from ten million, so that nearly every
 * event is a row of the finest rollup. --duckdb-events 10000000 is the whole hour; it needs 6 GB of memory. --history-events 1000000000 is the
 * whole month; it goes on where it was cut off, and --keep leaves its files.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { startServer } from './operational/server.js';
import { measureHistory } from './usage/history.js';
import { measureIngest } from './usage/ingest.js';
import { measureRollups } from './usage/rollup.js';

export const summary =
  'ingest with marks against bare COPY; rollups against the bare statement, and in DuckDB; questions over a month';

const PARTS = ['ingest', 'rollup', 'history'] as const;

export default async function usage(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', default: PARTS.join(',') },
      events: { type: 'string', default: '200000' },
      rounds: { type: 'string', default: '3' },
      'duckdb-events': { type: 'string', default: '1000000' },
      'history-events': { type: 'string', default: '20000000' },
      organizations: { type: 'string', default: '10000' },
      keep: { type: 'boolean', default: false },
      folder: { type: 'string', default: tmpdir() },
      url: { type: 'string' },
    },
  });
  const only = values.only.split(',');
  const unknown = only.find((part) => !(PARTS as readonly string[]).includes(part));
  if (unknown !== undefined) {
    throw new Error(`Cannot run the benchmark: --only has '${unknown}' (${PARTS.join(', ')} were wanted)`);
  }
  const options = { events: Number(values.events), rounds: Number(values.rounds) };
  const server = await startServer({ url: values.url, folder: values.folder });
  const failures: string[] = [];
  try {
    console.log(server.description);
    if (only.includes('ingest')) {
      failures.push(...(await measureIngest(server, options)));
    }
    if (only.includes('rollup')) {
      failures.push(
        ...(await measureRollups(server, { ...options, duckDbEvents: Number(values['duckdb-events']) })),
      );
    }
    if (only.includes('history')) {
      failures.push(
        ...(await measureHistory(server, {
          events: Number(values['history-events']),
          organizations: Number(values.organizations),
          folder: values.folder,
          keep: values.keep,
        })),
      );
    }
  } finally {
    await server.close();
  }
  console.log(failures.length === 0 ? 'All within bounds.' : `Out of bounds: ${failures.join('; ')}.`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}
