/**
 * The operational database at size: how fast the seed fills it, compared with bare COPY of the same rows, and how
 * fast it then answers what services ask all day.
 *
 *   npm run bench -- operational [--organizations 10000000] [--seconds 20] [--connections 16]
 *                                [--folder /tmp] [--url postgresql://… [--keep]] [--without-bare]
 *
 * Ten million organizations need 30 GB in the folder and an hour or two; 100,000 give a first look in a minute.
 * A cluster of its own is started and removed; with --url, two databases are made on that server and dropped. With
 * --keep the seeded one stays, and the next run with --keep asks its queries there without seeding again.
 */
import { openDatabase, type Session, withDatabaseName, withSession } from '../src/database/index.js';
import { measureBareCopy } from './operational/bare-copy.js';
import { EVERYDAY_QUERIES } from './operational/everyday-queries.js';
import { type Latency, measureLatency } from './operational/latency.js';
import { rateText, rowsPerSecond } from './operational/load-rate.js';
import { type OperationalBenchOptions, readOptions } from './operational/options.js';
import { planOf, type QueryPlan, seqScanCounts } from './operational/query-plan.js';
import { measureSeed } from './operational/seed-rate.js';
import {
  type BenchServer,
  createPlatform,
  dropPlatform,
  isSeeded,
  markSeeded,
  startServer,
} from './operational/server.js';
import { count } from './telling/progress-line.js';

export const summary = 'seed rate against bare COPY, then the everyday queries from 16 connections';

const BARE_DATABASE = 'plinth_bench_bare';
const SEED_DATABASE = 'plinth_bench_seed';

/** What must hold: see the README's figures. */
const LEAST_RATIO = 0.5;
const MOST_P95_MS = 20;

export default async function operational(argv: readonly string[]): Promise<void> {
  const options = readOptions(argv);
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  const server = await startServer(options);
  try {
    console.log(`${count(options.organizations)} organizations on ${server.description}`);
    const seeded = options.keep && (await isSeeded(server, SEED_DATABASE, options.organizations));
    const failures = [
      ...(seeded ? [] : await compareRates(server, options, interrupted.signal)),
      ...(await measureQueries(server, options, interrupted.signal)),
    ];
    console.log(failures.length === 0 ? 'All within bounds.' : `Out of bounds: ${failures.join('; ')}.`);
    process.exitCode = failures.length === 0 ? 0 : 1;
  } catch (error) {
    if (!interrupted.signal.aborted) {
      throw error;
    }
    console.log('Interrupted.');
    process.exitCode = 130;
  } finally {
    await dropPlatform(server, BARE_DATABASE).catch(() => {});
    if (!options.keep) {
      await dropPlatform(server, SEED_DATABASE).catch(() => {});
    }
    await server.close();
    process.off('SIGINT', onInterrupt);
  }
}

/** Loads both ways, one after the other, so that only one copy of the data is on the disk at a time. */
async function compareRates(
  server: BenchServer,
  options: OperationalBenchOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const { organizations } = options;
  const bare = options.withoutBare ? undefined : await loadBare(server, organizations, signal);

  const seedUrl = await createPlatform(server, SEED_DATABASE);
  const seeded = await measureSeed({ url: seedUrl, organizations, signal });
  console.log(`seed       ${rateText(seeded)}, ${await sizeText(seedUrl)} on the disk`);
  await markSeeded(server, SEED_DATABASE, organizations);

  if (!bare) {
    return [];
  }
  const ratio = rowsPerSecond(seeded) / rowsPerSecond(bare);
  console.log(`ratio      ${ratio.toFixed(2)} (at least ${LEAST_RATIO} wanted)`);
  return ratio < LEAST_RATIO ? [`the seed runs at ${ratio.toFixed(2)} of bare COPY`] : [];
}

async function loadBare(server: BenchServer, organizations: number, signal: AbortSignal) {
  const bareUrl = await createPlatform(server, BARE_DATABASE);
  const bare = await measureBareCopy({ url: bareUrl, folder: server.folder, organizations, signal });
  console.log(`bare COPY  ${rateText(bare)}`);
  await dropPlatform(server, BARE_DATABASE);
  return bare;
}

async function sizeText(url: string): Promise<string> {
  return await withSession(openDatabase(url), async (session) => {
    const [row] = await session.query<{ bytes: bigint }>(
      'select pg_database_size(current_database()) as bytes',
    );
    return `${(Number(row!.bytes) / 1e9).toFixed(1)} GB`;
  });
}

async function measureQueries(
  server: BenchServer,
  options: OperationalBenchOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const database = openDatabase(withDatabaseName(server.url, SEED_DATABASE));
  const { organizations, seconds, connections } = options;
  console.log(`\nFrom ${connections} connections, ${seconds} s each; milliseconds.\n${HEADER}`);
  const failures: string[] = [];
  await withSession(database, async (session) => {
    // What autovacuum does in the hours after a load, so that its work is not measured with the queries.
    await session.run('vacuum (analyze)');
    await session.run('checkpoint');
    for (const query of EVERYDAY_QUERIES) {
      const plan = await planOf(session, query, organizations);
      const before = await seqScanCounts(session);
      const latency = await measureLatency(database, query, { connections, seconds, organizations, signal });
      const scanned = await scannedSince(session, before);
      console.log(rowOf(query.title, latency, plan));
      failures.push(...failuresOf(query.title, latency, [...plan.seqScans, ...scanned]));
    }
  });
  return failures;
}

async function scannedSince(session: Session, before: ReadonlyMap<string, number>): Promise<string[]> {
  const after = await seqScanCounts(session);
  return [...after].filter(([table, scans]) => scans > (before.get(table) ?? 0)).map(([table]) => table);
}

function failuresOf(title: string, latency: Latency, seqScans: readonly string[]): string[] {
  return [
    ...(latency.p95 >= MOST_P95_MS ? [`'${title}' has a p95 of ${latency.p95.toFixed(1)} ms`] : []),
    ...(seqScans.length > 0 ? [`'${title}' reads all of ${[...new Set(seqScans)].join(', ')}`] : []),
  ];
}

const HEADER = `${'query'.padEnd(26)}${['p50', 'p95', 'p99', 'max', 'per s'].map((name) => name.padStart(8)).join('')}  indexes`;

function rowOf(title: string, latency: Latency, plan: QueryPlan): string {
  const times = [latency.p50, latency.p95, latency.p99, latency.max].map((ms) => ms.toFixed(2).padStart(8));
  return `${title.padEnd(26)}${times.join('')}${count(latency.perSecond).padStart(8)}  ${plan.indexes.join(', ')}`;
}
