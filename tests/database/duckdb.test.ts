import { expect, test } from 'vitest';
import { openDuckDb } from '../../src/database/index.js';

test('DuckDB gives values as plain JavaScript, whole numbers of 64 bits as bigint and times as dates', async () => {
  const duckDb = await openDuckDb({ threads: 1, memoryLimitMb: 256 });
  const [row] = await duckDb.query(
    `select 1::integer as i, 9007199254740993::bigint as b, sum(2::bigint) as h, 1.5::decimal(4, 1) as d, 7::decimal(38, 0) as w,
            timestamptz '2026-03-01 12:00:00+00' as t, [1::bigint, 2] as l, null as n, 'é' as s, 0.5::double as f, true as y,
            '0190a000-0000-7000-8000-000000000001'::uuid as u, {'a': 1::integer} as o, 'ab'::blob as x, date '2026-03-01' as k`,
  );
  expect(row).toEqual({
    i: 1,
    b: 9007199254740993n,
    h: 2n,
    d: '1.5',
    w: 7n,
    t: new Date('2026-03-01T12:00:00Z'),
    l: [1n, 2n],
    n: null,
    s: 'é',
    f: 0.5,
    y: true,
    u: '0190a000-0000-7000-8000-000000000001',
    o: { a: 1 },
    x: Buffer.from('ab'),
    k: '2026-03-01',
  });
  duckDb.close();
});

test('DuckDB takes parameters, several statements, and shares its data between connections', async () => {
  const duckDb = await openDuckDb();
  await duckDb.run(
    "create table t (time timestamptz, n bigint); insert into t values ('2026-03-01 00:00:00+00', 1), ('2026-03-02 00:00:00+00', 2)",
  );
  const other = await duckDb.connect();
  expect(
    await other.query('select sum(n)::bigint as n from t where time >= $1::timestamptz', [
      new Date('2026-03-02T00:00:00Z'),
    ]),
  ).toEqual([{ n: 2n }]);
  other.close();
  expect(await duckDb.query('select count(*)::integer as n from t')).toEqual([{ n: 2 }]);
  duckDb.close();
});

test('DuckDB says what it refuses, and stops when it is interrupted', async () => {
  const duckDb = await openDuckDb();
  await expect(duckDb.query('select nothing')).rejects.toMatchObject({
    code: 'DATABASE_STATEMENT_FAILED',
    details: { engine: 'duckdb' },
  });
  const long = duckDb.query(
    'select count(*) from range(100000000) as a, range(1000) as b where a.range + b.range = 7',
  );
  setTimeout(() => duckDb.interrupt(), 100);
  await expect(long).rejects.toMatchObject({ code: 'DATABASE_CANCELLED' });
  duckDb.close();
});
