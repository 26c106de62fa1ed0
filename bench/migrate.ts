/**
 * Migrations: how fast Plinth applies and takes back, beside psql running the same files and other tools; how fast it
 * tells where a database stands; how fast it starts; and how much memory it needs. One server, tools in turns, medians.
 *
 *   npm run bench -- migrate [--migrations 1000] [--runs 3] [--folder /dev/shm] [--fsync]
 *                            [--only generated,openmeter,status,start,memory] [--without-peers]
 *
 * dbmate, node-pg-migrate and postgrator are installed from the registry into a folder that is removed afterwards.
 * goose and golang-migrate are measured where PLINTH_BENCH_GOOSE and PLINTH_BENCH_GOLANG_MIGRATE name their programs,
 * openmeter's migrations where PLINTH_CORPORA names a folder that has them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './migrate/compare.js';
import { goPeers } from './migrate/go-peers.js';
import { peakMegabytes } from './migrate/memory.js';
import { generated, readPairs } from './migrate/migrations.js';
import { type MigrateBenchOptions, readOptions } from './migrate/options.js';
import { commandLine, library } from './migrate/plinth.js';
import { oneSession, processEach } from './migrate/psql.js';
import { registryPeers } from './migrate/registry-peers.js';
import { type BenchServer, startServer } from './migrate/server.js';
import { compareStart } from './migrate/start.js';
import { compareStatus } from './migrate/status.js';
import { comparisonTable, missed } from './migrate/telling.js';
import type { Tool } from './migrate/tool.js';
import { count } from './telling/progress-line.js';

export const summary = '1,000 migrations up and down beside psql, dbmate, node-pg-migrate, goose and others';

/** What must hold beside the comparisons: see docs/benchmarks.md. */
const MOST_START_RATIO = 1.5;
const MOST_MEMORY_RATIO = 1.2;
const LARGE = 5;

export default async function migrate(argv: readonly string[]): Promise<void> {
  const options = readOptions(argv);
  const server = await startServer(options);
  try {
    console.log(`${server.description}; Node ${process.versions.node}; medians of ${options.runs}\n`);
    const peers = await findPeers(server, options);
    const misses = [
      ...(await measureGenerated(server, options, peers)),
      ...(await measureOpenmeter(server, options, peers)),
      ...(await measureStatus(server, options, peers)),
      ...(await measureStart(options)),
      ...(await measureMemory(server, options)),
    ];
    console.log(misses.length === 0 ? 'All within bounds.' : `Out of bounds:\n- ${misses.join('\n- ')}`);
    process.exitCode = misses.length === 0 ? 0 : 1;
  } finally {
    await server.close();
  }
}

async function findPeers(server: BenchServer, { withoutPeers, parts }: MigrateBenchOptions): Promise<Tool[]> {
  const isCompared = parts.has('generated') || parts.has('openmeter') || parts.has('status');
  if (withoutPeers || !isCompared) {
    return [];
  }
  const { tools, absent } = goPeers();
  for (const reason of absent) {
    console.log(`${reason}\n`);
  }
  return [...(await registryPeers(join(server.folder, 'peers'))), ...tools];
}

async function measureGenerated(
  server: BenchServer,
  { parts, migrations, runs }: MigrateBenchOptions,
  peers: readonly Tool[],
): Promise<string[]> {
  if (!parts.has('generated')) {
    return [];
  }
  console.log(`## ${count(migrations)} small migrations\n`);
  const made = generated(migrations);
  const tools = [commandLine, oneSession, library, ...peers];
  const figures = await compare(server, { name: 'generated', migrations: made, tools, runs });
  // For the record, once: nobody is compared with it.
  const each = await compare(server, { name: 'each', migrations: made, tools: [processEach], runs: 1 });
  console.log(`${comparisonTable([...figures, ...each], commandLine.name)}\n`);
  return missed(figures, commandLine.name, oneSession.name, `${count(migrations)} small migrations`);
}

async function measureOpenmeter(
  server: BenchServer,
  { parts, corpora, runs }: MigrateBenchOptions,
  peers: readonly Tool[],
): Promise<string[]> {
  if (!parts.has('openmeter')) {
    return [];
  }
  const folder = join(corpora ?? '', 'openmeter/tools/migrate/migrations');
  if (corpora === undefined || !existsSync(folder)) {
    console.log('openmeter is left out: PLINTH_CORPORA names no folder that has its migrations\n');
    return [];
  }
  const migrations = readPairs(folder);
  console.log(`## ${count(migrations.length)} migrations of openmeter\n`);
  const tools = [commandLine, oneSession, library, ...peers];
  const figures = await compare(server, { name: 'openmeter', migrations, tools, runs });
  console.log(`${comparisonTable(figures, commandLine.name)}\n`);
  return missed(figures, commandLine.name, oneSession.name, 'openmeter');
}

async function measureStatus(
  server: BenchServer,
  { parts, migrations, runs }: MigrateBenchOptions,
  peers: readonly Tool[],
): Promise<string[]> {
  if (!parts.has('status')) {
    return [];
  }
  console.log(`## Status of ${count(migrations)} applied migrations, start-up included\n`);
  const seconds = await compareStatus(server, generated(migrations), [commandLine, ...peers], runs * 2 + 1);
  const own = seconds.get(commandLine.name)!;
  for (const [tool, taken] of seconds) {
    console.log(`- ${tool}: ${(taken * 1000).toFixed(0)} ms, plinth ÷ it ${(own / taken).toFixed(2)}`);
  }
  console.log('');
  const nearest = seconds.get('node-pg-migrate');
  return nearest !== undefined && own > nearest
    ? [`status: ${(own / nearest).toFixed(2)} of node-pg-migrate's dry run (at most 1)`]
    : [];
}

async function measureStart({ parts, runs }: MigrateBenchOptions): Promise<string[]> {
  if (!parts.has('start')) {
    return [];
  }
  const { version, node } = await compareStart(runs * 6 + 3);
  const ratio = version / node;
  console.log('## Start-up\n');
  const times = [version, node].map((seconds) => `${(seconds * 1000).toFixed(0)} ms`);
  console.log(`plinth --version ${times[0]}, node -e 0 ${times[1]}: ${ratio.toFixed(2)}\n`);
  return ratio > MOST_START_RATIO
    ? [`--version: ${ratio.toFixed(2)} of node -e 0 (${MOST_START_RATIO})`]
    : [];
}

async function measureMemory(
  server: BenchServer,
  { parts, migrations }: MigrateBenchOptions,
): Promise<string[]> {
  if (!parts.has('memory')) {
    return [];
  }
  const few = await peakMegabytes(server, migrations);
  const many = await peakMegabytes(server, migrations * LARGE);
  console.log('## Memory of plinth apply, in a heap of 48 MB\n');
  console.log(
    `${count(migrations)} migrations ${count(few)} MB, ${count(migrations * LARGE)} ${count(many)} MB\n`,
  );
  return many / few > MOST_MEMORY_RATIO
    ? [`memory: ${(many / few).toFixed(2)} times as much for ${LARGE} times the migrations`]
    : [];
}
