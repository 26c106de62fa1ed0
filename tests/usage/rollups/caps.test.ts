import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DuckDb, openDuckDb, type Session } from '../../../src/database/index.js';
import {
  digestQuery,
  expireRollups,
  parseRollups,
  type Rollup,
  reconcileUsage,
  refreshRollups,
  repairUsage,
  rollupColumns,
  rollupQuery,
  tableSql,
} from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import { describeOnEveryServer } from '../../support/every-server.js';
import { createUsageDatabase, EMPTY_USAGE, ORGANIZATION, OTHER_ORGANIZATION } from '../support.js';
import { type EventRow, type RollupRow, rowsByHand, sorted } from './by-hand.js';
import { anyEventRow, insertEvents, loadDuckDb, prepareDays } from './event-rows.js';

/** Of keys and models, with a histogram and a sketch, so that everything that is folded must be added up. */
const declared = (cap: string): string => `version: 1
description: Keys and models by hour.
grain: hour
dimensions: [organization_id, api_key_id, model_id, currency]
measures:
  requests: { count: all }
  errors: { count: status >= 400 or error_type is not null }
  cost_nanos: { cost: cost_nanos }
  output_text_tokens: { sum: output_text_tokens }
  latency: { percentiles: latency_us }
  users: { distinct: user_id, estimated: true }
cap: ${cap}
`;
const SUM = `version: 1
description: Keys by day.
source: capped
grain: day
dimensions: [organization_id, api_key_id, currency]
measures: [requests, cost_nanos, latency, users]
`;
const rollupsOf = (cap: string): readonly Rollup[] =>
  parseRollups([
    { file: 'capped.yml', text: declared(cap) },
    { file: 'capped_days.yml', text: SUM },
  ]);
const ROLLUPS = rollupsOf('{ api_key_id: 2, model_id: 1 }');
const [HOURS] = ROLLUPS as readonly [Rollup, ...Rollup[]];
const SPAN = { from: new Date('2025-12-31T00:00:00Z'), to: new Date('2026-01-02T00:00:00Z') };
const OTHER = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

function plain(rollup: Rollup, rows: readonly object[]): RollupRow[] {
  const value = (name: string, given: unknown): unknown =>
    given instanceof Date ? given.toISOString() : name === 'cost_nanos' ? BigInt(given as string) : given;
  return sorted(
    rows.map((row) =>
      Object.fromEntries(
        rollupColumns(rollup).map((name) => [name, value(name, (row as Record<string, unknown>)[name])]),
      ),
    ),
  );
}

const EMPTY = `${EMPTY_USAGE}; truncate analytics.usage_rollups_capped, analytics.usage_rollups_capped_days`;

async function prepared(serverUrl?: string): Promise<TestDatabase> {
  const db = await createUsageDatabase(['analytics'], serverUrl);
  const session = await db.database.connect();
  await prepareDays(session);
  for (const rollup of ROLLUPS) {
    await session.run(tableSql(rollup));
  }
  await session.close();
  return db;
}

describeOnEveryServer('a cap', (server) => {
  let db: TestDatabase;
  let session: Session;
  let duckDb: DuckDb;
  beforeAll(async () => {
    db = await prepared(await server.url());
    session = await db.database.connect();
    duckDb = await openDuckDb();
  });
  afterAll(async () => {
    await session.close();
    duckDb.close();
    await db.drop();
  });

  test('folds the same values in PostgreSQL, in DuckDB and by hand, in any order of the events', async () => {
    await session.run('create temp table some_events (like analytics.usage_events including defaults)');
    await fc.assert(
      fc.asyncProperty(fc.array(anyEventRow, { minLength: 1, maxLength: 40 }), async (events) => {
        const expected = rowsByHand(HOURS, events);
        await session.run('truncate some_events');
        await insertEvents(session, events, 'some_events');
        const inPostgres = rollupQuery(HOURS, { engine: 'postgresql', from: 'some_events' });
        expect(plain(HOURS, await session.query(inPostgres))).toEqual(expected);
        await loadDuckDb(duckDb, [...events].reverse());
        const inDuckDb = rollupQuery(HOURS, { engine: 'duckdb', from: 'usage_events' });
        expect(plain(HOURS, await duckDb.query(inDuckDb))).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  test('gives one digest in both engines in whatever parts they came, and what it has folded merges on', async () => {
    const events = fc.sample(anyEventRow, { seed: 23, numRuns: 250 }) as EventRow[];
    for (const [from, to] of [
      [0, 90],
      [90, 91],
      [91, 250],
    ]) {
      await insertEvents(session, events.slice(from, to));
      await refreshRollups(session, { rollups: ROLLUPS });
    }
    await loadDuckDb(duckDb, events);
    const texts = (rows: readonly Record<string, unknown>[]) =>
      sorted(rows.map((row) => ({ ...row, bucket_start: (row.bucket_start as Date).toISOString() })));
    let from = 'usage_events';
    for (const rollup of ROLLUPS) {
      from = `(${rollupQuery(rollup, { engine: 'duckdb', from })})`;
      const kept = await session.query(
        digestQuery(rollup, 'postgresql', `analytics.usage_rollups_${rollup.name}`),
      );
      expect(kept.length).toBeGreaterThan(0);
      expect(texts(await duckDb.query(digestQuery(rollup, 'duckdb', from)))).toEqual(texts(kept));
    }
  });
});

describe('what a cap has folded', () => {
  let db: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    db = await prepared();
    session = await db.database.connect();
  });
  afterAll(async () => {
    await session.close();
    await db.drop();
  });
  beforeEach(() => session.run(EMPTY));

  const HOUR = '2025-12-31T23:00:00.000Z';
  const key = (n: number): string => `0190a002-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
  /** An event a number, in the hour, by that key. */
  async function insertKeys(organization: string, keys: readonly number[], hour = HOUR): Promise<void> {
    await session.query(
      `insert into analytics.usage_events
         (organization_id, event_time, event_id, api_key_id, model_id, status, usage_known, operation, source, cost_nanos, cost_source)
       select $1, analytics.uuid_v7_time(id), id, key, 1, 200, true, 'chat', 'test', 7, 'provider'
         from unnest($2::uuid[]) with ordinality as k (key, n),
              lateral analytics.uuid_v7_at($3::timestamptz + n * interval '1 minute') as id`,
      [organization, keys.map(key), hour],
    );
  }
  const records = () =>
    session.query(
      'select organization_id, bucket_start, rollup, dimension, at_most, folded_values, folded_events from analytics.rollup_caps order by organization_id, bucket_start, dimension',
    );
  const rows = () =>
    session.query<{ key: string; requests: bigint; cost: string }>(
      'select api_key_id as key, requests, cost_nanos as cost from analytics.usage_rollups_capped order by organization_id, requests desc, api_key_id',
    );

  test('is recorded for the tenant that did it, and the other keeps its keys', async () => {
    await insertKeys(ORGANIZATION, [1, 1, 1, 2, 2, 3, 4, 5]);
    await insertKeys(OTHER_ORGANIZATION, [6, 7]);
    await refreshRollups(session, { rollups: ROLLUPS });
    expect(await records()).toEqual([
      {
        organization_id: ORGANIZATION,
        bucket_start: new Date(HOUR),
        rollup: 'capped',
        dimension: 'api_key_id',
        at_most: 2,
        folded_values: 3n,
        folded_events: 3n,
      },
    ]);
    expect(await rows()).toEqual([
      { key: key(1), requests: 3n, cost: '21' },
      { key: OTHER, requests: 3n, cost: '21' },
      { key: key(2), requests: 2n, cost: '14' },
      { key: key(6), requests: 1n, cost: '7' },
      { key: key(7), requests: 1n, cost: '7' },
    ]);
    expect((await reconcileUsage(session, { rollups: ROLLUPS, ...SPAN })).isExact).toBe(true);
  });

  test('keeps of equals the lower values, and requests without a key apart', async () => {
    await insertKeys(ORGANIZATION, [9, 8, 7, 6]);
    await session.run(
      "update analytics.usage_events set api_key_id = null where api_key_id = '0190a002-0000-7000-8000-000000000008'",
    );
    await refreshRollups(session, { rollups: ROLLUPS });
    expect(new Set((await rows()).map((row) => row.key))).toEqual(new Set([key(6), key(7), OTHER, null]));
  });

  test('comes back when fewer are left, with its record', async () => {
    await insertKeys(ORGANIZATION, [1, 2, 3, 4]);
    await refreshRollups(session, { rollups: ROLLUPS });
    expect(await records()).toMatchObject([{ folded_values: 2n }]);
    await session.query('delete from analytics.usage_events where api_key_id = any ($1::uuid[])', [
      [key(1), key(2)],
    ]);
    await refreshRollups(session, { rollups: ROLLUPS });
    expect(await records()).toEqual([]);
    expect((await rows()).map((row) => row.key)).toEqual([key(3), key(4)]);
  });

  test('is found when a row of it is wrong, and repaired', async () => {
    await insertKeys(ORGANIZATION, [1, 2, 3, 4]);
    await refreshRollups(session, { rollups: ROLLUPS });
    await session.query('update analytics.usage_rollups_capped set api_key_id = $1 where api_key_id = $2', [
      key(3),
      OTHER,
    ]);
    const { isExact, before } = await repairUsage(session, { rollups: ROLLUPS, ...SPAN });
    expect([before.isExact, isExact]).toEqual([false, true]);
  });

  test('goes with the rows that retention takes', async () => {
    await insertKeys(ORGANIZATION, [1, 2, 3]);
    await refreshRollups(session, { rollups: ROLLUPS });
    const kept = ROLLUPS.map((rollup) => ({ ...rollup, retentionMs: 86_400_000 }));
    await expireRollups(session, kept, new Date('2026-03-01T00:00:00Z'));
    expect(await records()).toEqual([]);
    expect(await rows()).toEqual([]);
  });
});

describe('a cap is refused', () => {
  const refused = (cap: string, change: (text: string) => string = (text) => text): string => {
    try {
      parseRollups([{ file: 'capped.yml', text: change(declared(cap)) }]);
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  };

  test('on what is no dimension, on the tenant itself, without the tenant, and of nothing', () => {
    expect(refused('{ user_id: 5 }')).toContain("'user_id' is no dimension here");
    expect(refused('{ organization_id: 5 }')).toContain('cannot be capped');
    expect(refused('{ api_key_id: 5 }', (text) => text.replace('organization_id, ', ''))).toContain(
      'for each organization',
    );
    expect(refused('{ api_key_id: 0 }')).toContain("'cap.api_key_id'");
    expect(refused('{ api_keys: 5 }')).toContain('cap');
  });

  test('with an exact distinct, and over a rollup', () => {
    expect(
      refused('{ api_key_id: 5 }', (text) => text.replace('user_id, estimated: true', 'user_id')),
    ).toContain('exact distinct');
    expect(() =>
      parseRollups([
        { file: 'capped.yml', text: declared('{ api_key_id: 5 }') },
        { file: 'days.yml', text: `${SUM}cap: { api_key_id: 3 }\n` },
      ]),
    ).toThrow(/cannot be folded again/);
  });
});
