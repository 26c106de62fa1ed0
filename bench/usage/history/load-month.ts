/** The month in the database: its rollups, the manifest of its files, and the names of its models. */
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDb, openDuckDb, type Session } from '../../../src/database/index.js';
import { type Rollup, rollupColumns, rollupQuery, rollupTable } from '../../../src/usage/index.js';
import { type MadeDay, rollupFile } from './make-day.js';
import { MODELS, MONTH } from './month-events.js';

export interface MonthPlan {
  readonly folder: string;
  readonly rollups: readonly Rollup[];
  readonly days: readonly MadeDay[];
}

/** Returns the rows of each rollup. @throws when a rollup does not come to what its events do */
export async function loadMonth(session: Session, plan: MonthPlan): Promise<ReadonlyMap<string, number>> {
  const { days, rollups } = plan;
  await session.run(
    `insert into analytics.models (provider, name) select 'sample', 'sample-' || n from generate_series(0, ${MODELS - 1}) as n order by n`,
  );
  for (const { day, events, fileBytes, costNanos, tokens, objectKey, sha256 } of days) {
    await session.query(
      `insert into analytics.usage_segments
         (day, events, file_bytes, cost_nanos, tokens, row_hash, format, object_key, file_sha256)
       values ($1, $2, $3, $4, $5, 0, 1, $6, decode($7, 'hex'))`,
      [day, events, fileBytes, costNanos, tokens, objectKey, sha256],
    );
  }
  const duckdb = await openDuckDb({ spillFolder: plan.folder, memoryLimitMb: 6000 });
  const rows = new Map<string, number>();
  try {
    for (const rollup of rollups) {
      rows.set(rollup.name, await loadRollup(session, duckdb, rollup, plan));
    }
  } finally {
    duckdb.close();
  }
  await session.query(
    `insert into analytics.rollup_horizons (subject, complete_from) values ('usage_events', $1)
     on conflict (subject) do update set complete_from = excluded.complete_from`,
    [MONTH.to],
  );
  await session.run('vacuum (analyze)');
  return rows;
}

async function loadRollup(
  session: Session,
  duckdb: DuckDb,
  rollup: Rollup,
  { folder, days, rollups }: MonthPlan,
): Promise<number> {
  const table = `analytics.${rollupTable(rollup)}`;
  const columns = rollupColumns(rollup).join(', ');
  // A rollup of another is made where that one is; one of events comes a day at a time.
  const sources =
    rollup.source === 'usage_events'
      ? days.map(({ day }) => `read_parquet('${rollupFile(folder, rollup.name, day)}')`)
      : [summed(rollup, rollups.find(({ name }) => name === rollup.source)!, folder, days)];
  const csv = join(folder, 'rows.csv');
  let loaded = 0;
  try {
    for (const source of sources) {
      await duckdb.run(
        `copy (select ${await selected(duckdb, rollup, source)} from ${source}) to '${csv}' (format csv, header false)`,
      );
      loaded += await session.copyIn(
        `copy ${table} (${columns}) from stdin (format csv)`,
        createReadStream(csv, { highWaterMark: 1 << 20 }),
      );
    }
  } finally {
    rmSync(csv, { force: true });
  }
  await check(session, table, days);
  return loaded;
}

function summed(rollup: Rollup, source: Rollup, folder: string, days: readonly MadeDay[]): string {
  const files = days.map(({ day }) => `'${rollupFile(folder, source.name, day)}'`).join(', ');
  return `(${rollupQuery(rollup, { engine: 'duckdb', from: `read_parquet([${files}])` })})`;
}

/** Columns as PostgreSQL reads them: lists in braces. */
async function selected(duckdb: DuckDb, rollup: Rollup, source: string): Promise<string> {
  const types = await duckdb.query<{ column_name: string; column_type: string }>(
    `describe select * from ${source}`,
  );
  return rollupColumns(rollup)
    .map((name) =>
      types.find((type) => type.column_name === name)!.column_type.endsWith('[]')
        ? `'{' || array_to_string(${name}, ',') || '}'`
        : name,
    )
    .join(', ');
}

async function check(session: Session, table: string, days: readonly MadeDay[]): Promise<void> {
  const [sums] = await session.query<{ requests: string; cost: string }>(
    `select sum(requests)::text as requests, sum(cost_nanos)::text as cost from ${table}`,
  );
  const requests = days.reduce((sum, { events }) => sum + BigInt(events), 0n);
  const cost = days.reduce((sum, { costNanos }) => sum + BigInt(costNanos), 0n);
  if (sums!.requests !== String(requests) || sums!.cost !== String(cost)) {
    throw new Error(
      `${table} comes to ${sums!.requests} requests (${requests} were wanted), or to another cost`,
    );
  }
}
