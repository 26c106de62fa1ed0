/**
 * A month of events: generated, sealed to Parquet and rolled up a day at a time, then its rollups in the database and
 * the questions of dashboards. What was made is kept until the end: a run that was cut off goes on where it stopped.
 */
import { mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import { readRollups } from '../../src/usage/index.js';
import type { BenchServer } from '../operational/server.js';
import { count, progressLine } from '../telling/progress-line.js';
import { timed, withUsageDatabase } from './database.js';
import { loadMonth } from './history/load-month.js';
import { isMade, type MadeDay, makeDay, type Spent } from './history/make-day.js';
import { DAYS } from './history/month-events.js';
import { type Asked, askQuestions } from './history/questions.js';

export interface HistoryBenchOptions {
  /** In the whole month. */
  readonly events: number;
  readonly organizations: number;
  /** Where the files are made; a folder of its own in it. */
  readonly folder: string;
  /** Leave the files there. */
  readonly keep: boolean;
}

const WHOLE = 1_000_000_000;
const MOST_BYTES = 35e9;
/** Of the files and of what they are made from, an event. */
const BYTES_AN_EVENT = 40;

export async function measureHistory(server: BenchServer, options: HistoryBenchOptions): Promise<string[]> {
  const { organizations } = options;
  const perDay = Math.ceil(options.events / DAYS.length);
  const folder = join(options.folder, `plinth-bench-history-${options.events}-${organizations}`);
  mkdirSync(folder, { recursive: true });
  checkDisk(folder, options.events);
  const rollups = readRollups(PACKAGE_ROOT);
  const ofEvents = rollups.filter(({ source }) => source === 'usage_events');
  const days: MadeDay[] = [];
  const found = DAYS.filter((day) => isMade(day, folder)).length;
  const progress = progressLine('seal and roll up', DAYS.length, 'days', found);
  for (const day of DAYS) {
    days.push(await makeDay(day, { folder, events: perDay, organizations, rollups: ofEvents }));
    progress.update(days.length);
  }
  progress.end();
  const failures = await withUsageDatabase(server, async (session) => {
    let rows: ReadonlyMap<string, number> = new Map();
    const loadMs = await timed(async () => {
      rows = await loadMonth(session, { folder, rollups, days });
    });
    const [size] = await session.query<{ bytes: bigint }>(
      'select pg_database_size(current_database()) as bytes',
    );
    const asked = await askQuestions(session, { rollups, folder, organizations });
    return told(days, { rows, loadMs, databaseBytes: Number(size!.bytes), asked, organizations });
  });
  if (!options.keep) {
    rmSync(folder, { recursive: true, force: true });
  }
  return failures;
}

interface Results {
  readonly rows: ReadonlyMap<string, number>;
  readonly loadMs: number;
  readonly databaseBytes: number;
  readonly asked: readonly Asked[];
  readonly organizations: number;
}

function told(days: readonly MadeDay[], results: Results): string[] {
  const { rows, loadMs, databaseBytes, asked } = results;
  const events = days.reduce((sum, day) => sum + day.events, 0);
  const fileBytes = days.reduce((sum, day) => sum + day.fileBytes, 0);
  const rollupBytes = days.reduce((sum, day) => sum + day.rollupBytes, 0);
  const allBytes = fileBytes + rollupBytes + databaseBytes;
  const factor = events >= WHOLE ? '' : ` (a factor of ${(events / WHOLE).toPrecision(2)} of a billion)`;
  console.log(
    `\nA month of ${count(events)} events of ${count(results.organizations)} organizations${factor}\n`,
  );
  console.log(`  sealed      ${spentText(sum(days.map(({ seal }) => seal)), events)}`);
  console.log(`  rolled up   ${spentText(sum(days.map(({ rollup }) => rollup)), events)}`);
  console.log(
    `  loaded      ${(loadMs / 1000).toFixed(1)} s: ${[...rows].map(([name, n]) => `${name} ${count(n)}`).join(', ')} rows`,
  );
  console.log(
    `  disk        ${gigabytes(fileBytes)} of files (${(fileBytes / events).toFixed(1)} bytes an event), ${gigabytes(rollupBytes)} of their rollups, ${gigabytes(databaseBytes)} in the database\n`,
  );
  for (const { question, firstMs, slowestMs, wantedMs } of asked) {
    console.log(
      `  ${question.padEnd(48)}${firstMs.toFixed(0).padStart(6)} ms, then at most ${slowestMs.toFixed(0).padStart(5)} ms (${wantedMs} ms wanted)`,
    );
  }
  const mostBytes = (MOST_BYTES * events) / WHOLE;
  return [
    ...asked
      .filter(({ slowestMs, wantedMs }) => slowestMs > wantedMs)
      .map(({ question, slowestMs }) => `${question} takes ${slowestMs.toFixed(0)} ms`),
    ...(allBytes > Math.max(mostBytes, 2e9) ? [`the month takes ${gigabytes(allBytes)}`] : []),
  ];
}

function sum(spent: readonly Spent[]): Spent {
  return {
    seconds: spent.reduce((total, { seconds }) => total + seconds, 0),
    processor: spent.reduce((total, { processor }) => total + processor, 0),
  };
}

function spentText({ seconds, processor }: Spent, events: number): string {
  return `${seconds.toFixed(0)} s, ${processor.toFixed(0)} s of processor: ${count(events / seconds)} events/s, ${((processor / events) * 1e6).toFixed(1)} µs of processor an event`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Files that are there already are part of what is needed. */
function checkDisk(folder: string, events: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const there = readdirSync(folder).length > 0;
  if (!there && bavail * bsize < events * BYTES_AN_EVENT) {
    throw new Error(
      `Cannot make ${count(events)} events in ${folder}: it has ${gigabytes(bavail * bsize)} free (${gigabytes(events * BYTES_AN_EVENT)} are needed)`,
    );
  }
}
