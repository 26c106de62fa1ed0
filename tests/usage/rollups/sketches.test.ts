import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DuckDb, openDuckDb, type Session } from '../../../src/database/index.js';
import {
  DISTINCT_ERROR,
  type DistinctSketch,
  estimatedDistinct,
  latencyBucketUs,
  latencyPercentileUs,
  PERCENTILE_ERROR,
} from '../../../src/usage/index.js';
import { duckDbDialect } from '../../../src/usage/rollup/duckdb-dialect.js';
import { postgresDialect } from '../../../src/usage/rollup/postgres-dialect.js';
import type { TestDatabase } from '../../support/database.js';
import { createUsageDatabase } from '../support.js';

let db: TestDatabase;
let session: Session;
let duckDb: DuckDb;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
  duckDb = await openDuckDb();
});
afterAll(async () => {
  await session.close();
  duckDb.close();
  await db.drop();
});

const bucketOf = (us: number): number =>
  us <= 1 ? 0 : us >= 86_400_000_000 ? 1260 : Math.ceil(Math.log(us) / Math.log(1.0202));

function histogramOf(latencies: readonly number[]) {
  const counts = new Map<number, bigint>();
  for (const latency of latencies) {
    counts.set(bucketOf(latency), (counts.get(bucketOf(latency)) ?? 0n) + 1n);
  }
  const sorted = [...counts].sort(([a], [b]) => a - b);
  return { buckets: sorted.map(([bucket]) => bucket), counts: sorted.map(([, count]) => count) };
}

describe('the histogram', () => {
  test('gives every percentile within one percent of the exact one', () => {
    const latency = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 86_400_000_000 }));
    fc.assert(
      fc.property(
        fc.array(latency, { minLength: 1, maxLength: 300 }),
        fc.constantFrom(0.001, 0.5, 0.9, 0.95, 0.99, 0.999, 1),
        (latencies, share) => {
          const exact = [...latencies].sort((a, b) => a - b)[Math.ceil(share * latencies.length) - 1]!;
          const told = latencyPercentileUs(histogramOf(latencies), share)!;
          expect(Math.abs(told - exact) / exact).toBeLessThanOrEqual(PERCENTILE_ERROR);
        },
      ),
    );
  });

  test('puts the numbers on either side of every border into the same buckets in both engines and here', async () => {
    const numbers = Array.from({ length: 1262 }, (_, bucket) => Math.floor(1.0202 ** bucket)).flatMap(
      (us) => [Math.max(0, us - 1), us, us + 1],
    );
    const values = numbers.map((us) => `(${us}::bigint)`).join(', ');
    const sql = (bucket: string): string =>
      `select us, ${bucket} as bucket from (values ${values}) as v (us) order by us`;
    const postgres = await session.query<{ us: bigint; bucket: number }>(
      sql(postgresDialect.histogramBucket('us')),
    );
    const duck = await duckDb.query(sql(duckDbDialect.histogramBucket('us')));
    expect(duck).toEqual(postgres);
    expect(postgres.map(({ us, bucket }) => [us, bucket])).toEqual(
      postgres.map(({ us }) => [us, bucketOf(Number(us))]),
    );
  });

  test('tells the same of a bucket here as in the database', async () => {
    const rows = await session.query<{ bucket: number; us: number }>(
      'select b as bucket, analytics.latency_bucket_us(b::smallint) as us from generate_series(0, 1260) as b',
    );
    for (const { bucket, us } of rows) {
      expect(Math.abs(latencyBucketUs(bucket) / us - 1)).toBeLessThan(1e-12);
    }
  });
});

/** The sketch of the ids from `from` on, made by an engine. */
async function sketchOf(
  from: number,
  count: number,
  engine: 'postgresql' | 'duckdb',
): Promise<DistinctSketch> {
  const dialect = engine === 'duckdb' ? duckDbDialect : postgresDialect;
  const series =
    engine === 'duckdb'
      ? `(select 'user ' || range as id from range(${from}, ${from + count}))`
      : `(select 'user ' || n as id from generate_series(${from}, ${from + count - 1}) as n)`;
  const [registers, ranks] = dialect.pairLists('true', ['small-list', 'small-list']);
  const sql = `select ${registers} as registers, ${ranks} as ranks
    from (select hash >> 37 as sketch_key, max(38 - ${dialect.bitLength('hash & 137438953471')})::bigint as sketch_value
            from (select ${dialect.hash48('id')} as hash from ${series} as s) as h group by 1) as r`;
  const [row] =
    engine === 'duckdb' ? await duckDb.query<DistinctSketch>(sql) : await session.query<DistinctSketch>(sql);
  return row!;
}

describe('the sketch of distinct values', () => {
  test.each([0, 1, 2, 10, 100, 1_000, 10_000, 100_000])(
    'estimates %i values within four standard errors',
    async (count) => {
      const told = estimatedDistinct(await sketchOf(7, count, 'duckdb'));
      expect(Math.abs(told - count)).toBeLessThanOrEqual(Math.max(1, 4 * DISTINCT_ERROR * count));
    },
  );

  test('is the same from both engines', async () => {
    for (const count of [1, 50, 5_000]) {
      expect(await sketchOf(0, count, 'duckdb')).toEqual(await sketchOf(0, count, 'postgresql'));
    }
  });

  test('of parts merges to that of the whole, however they overlap', async () => {
    const whole = estimatedDistinct(await sketchOf(0, 3000, 'duckdb'));
    const parts = [
      await sketchOf(0, 2000, 'duckdb'),
      await sketchOf(1000, 2000, 'duckdb'),
      await sketchOf(0, 1, 'duckdb'),
    ];
    expect(estimatedDistinct(...parts)).toBe(whole);
    expect(estimatedDistinct(...parts.reverse())).toBe(whole);
  });
});
