import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DuckDb, openDuckDb, type Session } from '../../../src/database/index.js';
import {
  digestQuery,
  mergeQuery,
  type Rollup,
  refreshRollups,
  rollupColumns,
  rollupQuery,
  rollupTable,
} from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import { describeOnEveryServer } from '../../support/every-server.js';
import { createUsageDatabase, EMPTY_USAGE, ROLLUPS } from '../support.js';
import { type EventRow, type RollupRow, rowsByHand, sorted } from './by-hand.js';
import { anyEventRow, insertEvents, loadDuckDb, prepareDays } from './event-rows.js';

/** Rows as both engines and the hand have them: times as text, money as bigint. */
function plain(rollup: Rollup, rows: readonly object[]): RollupRow[] {
  const columns = rollupColumns(rollup);
  const value = (name: string, given: unknown): unknown =>
    given instanceof Date ? given.toISOString() : name === 'cost_nanos' ? BigInt(given as string) : given;
  return sorted(
    rows.map((row) =>
      Object.fromEntries(columns.map((name) => [name, value(name, (row as Record<string, unknown>)[name])])),
    ),
  );
}

async function keptRows(session: Session, rollup: Rollup): Promise<RollupRow[]> {
  return plain(rollup, await session.query(`select * from analytics.${rollupTable(rollup)}`));
}

/** A rollup in DuckDB, from events or from the rollup that it sums. */
function duckDbQuery(rollup: Rollup): string {
  const base = ROLLUPS.find(({ name }) => name === rollup.source);
  const from = base ? `(${duckDbQuery(base)})` : 'usage_events';
  return rollupQuery(rollup, { engine: 'duckdb', from });
}

describeOnEveryServer('rollups', (server) => {
  let db: TestDatabase;
  let session: Session;
  let duckDb: DuckDb;
  beforeAll(async () => {
    db = await createUsageDatabase(['analytics'], await server.url());
    session = await db.database.connect();
    duckDb = await openDuckDb();
    await prepareDays(session);
  });
  afterAll(async () => {
    await session.close();
    duckDb.close();
    await db.drop();
  });

  test('are what is summed by hand, in PostgreSQL and in DuckDB, however the events came in and in how many parts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEventRow, { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 3 }),
        async (events, cuts) => {
          await session.run(EMPTY_USAGE);
          const ends = [...cuts.map((cut) => Math.min(cut, events.length)), events.length].sort(
            (a, b) => a - b,
          );
          let start = 0;
          for (const end of ends) {
            await insertEvents(session, events.slice(start, end));
            await refreshRollups(session, { rollups: ROLLUPS });
            start = end;
          }
          await loadDuckDb(duckDb, events);
          for (const rollup of ROLLUPS) {
            const expected = rowsByHand(rollup, events);
            expect(await keptRows(session, rollup)).toEqual(expected);
            expect(plain(rollup, await duckDb.query(duckDbQuery(rollup)))).toEqual(expected);
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 120_000);

  test('come to the same digest in both engines, whatever the order of their rows', async () => {
    const events = fc.sample(anyEventRow, { seed: 11, numRuns: 300 }) as EventRow[];
    await session.run(EMPTY_USAGE);
    await insertEvents(session, events);
    await refreshRollups(session, { rollups: ROLLUPS });
    await loadDuckDb(duckDb, [...events].reverse());
    const texts = (rows: readonly Record<string, unknown>[]) =>
      sorted(rows.map((row) => ({ ...row, bucket_start: (row.bucket_start as Date).toISOString() })));
    for (const rollup of ROLLUPS) {
      const kept = await session.query(digestQuery(rollup, 'postgresql', `analytics.${rollupTable(rollup)}`));
      const computed = await duckDb.query(digestQuery(rollup, 'duckdb', `(${duckDbQuery(rollup)})`));
      expect(kept.length).toBeGreaterThan(0);
      expect(texts(computed)).toEqual(texts(kept));
    }
  });

  test('of finer buckets and more dimensions merge to those of coarser ones, in both engines', async () => {
    const events = fc.sample(anyEventRow, { seed: 5, numRuns: 200 }) as EventRow[];
    const hours = ROLLUPS.find(({ name }) => name === 'hour_organization')!;
    const days: Rollup = { ...hours, name: 'days', grain: 'day', dimensions: hours.dimensions.slice(1) };
    await session.run(EMPTY_USAGE);
    await insertEvents(session, events);
    await loadDuckDb(duckDb, events);
    const expected = rowsByHand(days, events);
    const merged = { grain: 'day', dimensions: ['currency'] } as const;
    for (const engine of ['postgresql', 'duckdb'] as const) {
      const from = engine === 'duckdb' ? 'usage_events' : 'analytics.usage_events';
      const sql = mergeQuery(hours, { engine, ...merged, from: `(${rollupQuery(hours, { engine, from })})` });
      const rows = engine === 'duckdb' ? await duckDb.query(sql) : await session.query(sql);
      expect(plain(days, rows)).toEqual(expected);
    }
  });
});
