/**
 * Keeping data: dropping a filled column with its values kept, beside a plain `create table as` of the same columns; and
 * dropping a large table, beside a small one, which takes as long because tables are moved.
 *
 *   npm run bench -- keep [--rows 1000000] [--large 10000000] [--runs 5] [--folder /tmp]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase, type Session, withSession } from '../src/database/index.js';
import { apply, rollback } from '../src/migrate/index.js';
import { type BenchServer, emptyDatabase, startServer } from './migrate/server.js';
import { count } from './telling/progress-line.js';

export const summary = 'keeping a column of 1 M rows, and a dropped table of 10 M';

/** See docs/benchmarks.md. */
const MOST_TIMES_A_COPY = 2;

export default async function keep(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rows: { type: 'string', default: '1000000' },
      large: { type: 'string', default: '10000000' },
      runs: { type: 'string', default: '5' },
      folder: { type: 'string', default: '/tmp' },
    },
  });
  const runs = Number(values.runs);
  const server = await startServer({ folder: values.folder, fsync: false });
  try {
    console.log(
      `${server.description}, load ${loadavg()[0]!.toFixed(1)} before the start, medians of ${runs}\n`,
    );
    const column = await measureColumn(server, Number(values.rows), runs);
    const ratio = column.kept / column.copied;
    console.log(`create table as, ${count(Number(values.rows))} rows   ${milliseconds(column.copied)}`);
    console.log(
      `drop column, kept                 ${milliseconds(column.kept)}   ${ratio.toFixed(2)} times (under ${MOST_TIMES_A_COPY} wanted)`,
    );
    console.log(`put back                          ${milliseconds(column.restored)}`);
    const small = await measureTable(server, 10, runs);
    const large = await measureTable(server, Number(values.large), runs);
    console.log(`\ndrop table of 10 rows, kept       ${milliseconds(small)}`);
    console.log(`drop table of ${count(Number(values.large))} rows, kept   ${milliseconds(large)}`);
    process.exitCode = ratio < MOST_TIMES_A_COPY ? 0 : 1;
  } finally {
    await server.close();
  }
}

function migration(server: BenchServer, name: string, up: string, down: string): string {
  const folder = join(server.folder, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, '1_it.up.sql'), up);
  writeFileSync(join(folder, '1_it.down.sql'), down);
  return folder;
}

async function measureColumn(
  server: BenchServer,
  rows: number,
  runs: number,
): Promise<{ copied: number; kept: number; restored: number }> {
  const url = await emptyDatabase(server, 'keep_column');
  const folder = {
    path: migration(
      server,
      'column',
      'alter table t drop column note;',
      'alter table t add column note text;',
    ),
  };
  const options = { database: openDatabase(url), target: 'bench', folder };
  return withSession(options.database, async (session) => {
    await session.run(`
      create table t (id bigint primary key, amount numeric, at timestamptz, note text);
      insert into t
      select n, n * 1.5, now(), 'a note of some length, number ' || n from generate_series(1, ${rows}) as n`);
    await session.run('vacuum analyze t');
    const copied: number[] = [];
    const kept: number[] = [];
    const restored: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      copied.push(await timeOf(() => session.run('create table copied as select id, note from t')));
      await session.run('drop table copied; checkpoint');
      kept.push(await timeOf(() => apply(options)));
      restored.push(await timeOf(() => rollback(options)));
      await session.run('vacuum full t');
    }
    return { copied: median(copied), kept: median(kept), restored: median(restored) };
  });
}

async function measureTable(server: BenchServer, rows: number, runs: number): Promise<number> {
  const url = await emptyDatabase(server, 'keep_table');
  const folder = {
    path: migration(server, 'table', 'drop table t;', 'create table t (id bigint, note text);'),
  };
  const options = { database: openDatabase(url), target: 'bench', folder };
  return withSession(options.database, async (session) => {
    await session.run('create table t (id bigint primary key, note text)');
    await session.run(`insert into t select n, 'note ' || n from generate_series(1, ${rows}) as n`);
    const kept: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      kept.push(await timeOf(() => apply(options)));
      await moveBack(session);
    }
    return median(kept);
  });
}

/** By hand, because a rollback would copy the rows. */
async function moveBack(session: Session): Promise<void> {
  const [row] = await session.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'plinth_kept'::regnamespace and relkind = 'r'",
  );
  await session.run(
    `alter table plinth_kept.${row!.name} set schema public; alter table ${row!.name} rename to t;
     delete from plinth.kept; delete from plinth.migrations`,
  );
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function milliseconds(value: number): string {
  return `${Math.round(value)} ms`.padStart(9);
}
