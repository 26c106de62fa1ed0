/** Rollups of one hour: the bare statements, Plinth's refresh of the same, and DuckDB. */
import { PACKAGE_ROOT } from '../../src/core/index.js';
import { type DuckDb, openDuckDb, type Session } from '../../src/database/index.js';
import {
  copyUsageEvents,
  insertSql,
  type Rollup,
  readRollups,
  reconcileUsage,
  refreshRollups,
  rollupQuery,
  rollupTable,
} from '../../src/usage/index.js';
import type { BenchServer } from '../operational/server.js';
import { count } from '../telling/progress-line.js';
import { empty, median, timed, withUsageDatabase } from './database.js';
import { COLUMNS, eventLines } from './event-lines.js';

export interface RollupBenchOptions {
  readonly events: number;
  readonly rounds: number;
  readonly duckDbEvents: number;
}

const MOST_RATIO = 1.2;
/** For the whole hour of ten million events. */
const MOST_DUCKDB_S = 60;
const WHOLE_HOUR = 10_000_000;

export async function measureRollups(server: BenchServer, options: RollupBenchOptions): Promise<string[]> {
  const rollups = readRollups(PACKAGE_ROOT);
  const ratio = await inPostgres(server, rollups, options);
  const seconds = await inDuckDb(rollups, options.duckDbEvents);
  const wanted = MOST_DUCKDB_S * (options.duckDbEvents / WHOLE_HOUR);
  return [
    ...(ratio > MOST_RATIO ? [`PostgreSQL takes ${ratio.toFixed(2)} of the bare statements`] : []),
    ...(seconds > wanted ? [`DuckDB takes ${seconds.toFixed(1)} s`] : []),
  ];
}

async function inPostgres(
  server: BenchServer,
  rollups: readonly Rollup[],
  { events, rounds }: RollupBenchOptions,
): Promise<number> {
  const lines = eventLines(events);
  const tables = rollups.map(rollupTable);
  const times = { bare: [] as number[], refresh: [] as number[] };
  return withUsageDatabase(server, async (session) => {
    await copyUsageEvents(session, { columns: COLUMNS, lines: () => lines });
    await session.run('vacuum (analyze) analytics.usage_events');
    for (let round = 0; round < rounds; round += 1) {
      await empty(session, ...tables);
      times.bare.push(await timed(() => bareStatements(session, rollups)));
      await empty(session, ...tables);
      await session.run("select analytics.mark_usage_hours('2026-03-01 12:00+00', '2026-03-01 13:00+00')");
      times.refresh.push(await timed(() => refreshRollups(session, { rollups })));
    }
    const { isExact } = await reconcileUsage(session, { rollups });
    const rows = await rowCounts(session, rollups);
    const [bare, refresh] = [median(times.bare), median(times.refresh)];
    const ratio = refresh / bare;
    console.log(
      `\nRollups of an hour of ${count(events)} events in PostgreSQL, medians of ${rounds} rounds in turns`,
    );
    console.log(`  ${rows}; ${isExact ? 'reconciled: exact' : 'NOT EXACT'}\n`);
    console.log(`  insert … select … group by, by itself  ${(bare / 1000).toFixed(2)} s`);
    console.log(
      `  the same by marks                      ${(refresh / 1000).toFixed(2)} s   ratio ${ratio.toFixed(2)} (at most ${MOST_RATIO} wanted)`,
    );
    await tellCaps(session, rollups, rounds);
    return isExact ? ratio : Number.POSITIVE_INFINITY;
  });
}

/** What it costs to look for tenants beyond a cap where there are none: the bare statement with the cap and without. */
async function tellCaps(session: Session, rollups: readonly Rollup[], rounds: number): Promise<void> {
  for (const rollup of rollups.filter(({ caps }) => caps.length > 0)) {
    const uncapped = { ...rollup, caps: [] };
    const times = { capped: [] as number[], uncapped: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      await empty(session, rollupTable(rollup));
      times.uncapped.push(await timed(() => bareStatements(session, [uncapped])));
      await empty(session, rollupTable(rollup));
      times.capped.push(await timed(() => bareStatements(session, [rollup])));
    }
    const [capped, without] = [median(times.capped), median(times.uncapped)];
    console.log(
      `  ${rollup.name} by itself, with its caps  ${(capped / 1000).toFixed(2)} s, ${(capped / without).toFixed(2)} of the statement without`,
    );
  }
}

const SPANS = {
  hour: ['2026-03-01T12:00:00Z', '2026-03-01T13:00:00Z'],
  day: ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'],
  month: ['2026-03-01T00:00:00Z', '2026-04-01T00:00:00Z'],
} as const;

async function bareStatements(session: Session, rollups: readonly Rollup[]): Promise<void> {
  await session.transaction(async () => {
    await session.run("set local work_mem = '64MB'");
    for (const rollup of rollups) {
      await session.query(insertSql(rollup), SPANS[rollup.grain as keyof typeof SPANS]);
    }
  });
}

async function rowCounts(session: Session, rollups: readonly Rollup[]): Promise<string> {
  const texts: string[] = [];
  for (const rollup of rollups) {
    const [row] = await session.query<{ n: bigint }>(
      `select count(*) as n from analytics.${rollupTable(rollup)}`,
    );
    texts.push(`${rollup.name} ${count(Number(row!.n))} rows`);
  }
  return texts.join(', ');
}

async function inDuckDb(rollups: readonly Rollup[], events: number): Promise<number> {
  const duckDb = await openDuckDb({ threads: 2, memoryLimitMb: 8000 });
  try {
    await generate(duckDb, events);
    console.log(`\nRollups of an hour of ${count(events)} events in DuckDB, two threads${factor(events)}\n`);
    let total = 0;
    let processor = 0;
    for (const rollup of rollups) {
      const from = rollup.source === 'usage_events' ? rollup.source : rollupTable({ name: rollup.source });
      const table = rollupTable(rollup);
      const before = process.cpuUsage();
      const ms = await timed(() =>
        duckDb.run(`create table ${table} as ${rollupQuery(rollup, { engine: 'duckdb', from })}`),
      );
      const [row] = await duckDb.query<{ n: bigint }>(`select count(*) as n from ${table}`);
      const { user, system } = process.cpuUsage(before);
      total += ms / 1000;
      processor += (user + system) / 1e6;
      console.log(
        `  ${rollup.name.padEnd(28)}${count(Number(row!.n)).padStart(12)} rows  ${(ms / 1000).toFixed(2)} s`,
      );
    }
    console.log(
      `  ${'all'.padEnd(45)}  ${total.toFixed(2)} s, ${count(Math.round(events / total))} events/s; ${processor.toFixed(2)} s of processor`,
    );
    return total;
  } finally {
    duckDb.close();
  }
}

function factor(events: number): string {
  return events === WHOLE_HOUR ? '' : ` (a factor of ${events / WHOLE_HOUR} of the whole hour)`;
}

async function generate(duckDb: DuckDb, events: number): Promise<void> {
  await duckDb.run(`
    select setseed(0.5);
    create table usage_events as
    select
      ('0190a000-0000-7000-8000-' || lpad(to_hex(org), 12, '0'))::uuid as organization_id,
      ('0190a002-0000-7000-8000-' || lpad(to_hex(org * 3 + n % 3), 12, '0'))::uuid as api_key_id,
      case when n % 2 = 0 then ('0190a003-0000-7000-8000-' || lpad(to_hex(org * 5 + n % 5), 12, '0'))::uuid end as user_id,
      timestamptz '2026-03-01 12:00:00+00' + to_microseconds((n * 3600000000 / ${events})::bigint) as event_time,
      (random() * 4000)::bigint as input_uncached_tokens, (random() * 400)::bigint as input_cache_read_tokens,
      0::bigint as input_cache_write_tokens, (random() * 600)::bigint as output_text_tokens,
      0::bigint as output_reasoning_tokens, (random() * 1e6)::bigint as ttft_us, (random() * 8e6)::bigint as latency_us,
      (random() * 1e7)::bigint as cost_nanos, (1 + n % 5)::integer as model_id,
      (case when n % 67 = 0 then 500 else 200 end)::smallint as status, true as usage_known, 'USD' as currency,
      null::varchar as error_type
    from (select range as n, (pow(random(), 4) * 1e7)::bigint as org from range(${events})) as drawn`);
}
