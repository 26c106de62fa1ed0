import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Session, withSession } from '../../../src/database/index.js';
import {
  expireRollups,
  liveRows,
  markedBuckets,
  parseRollups,
  reconcileUsage,
  refreshRollups,
  repairUsage,
  rollUpUsage,
} from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import { createUsageDatabase, EMPTY_USAGE, ORGANIZATION, ROLLUPS as rollups } from '../support.js';
import type { EventRow } from './by-hand.js';
import { anyEventRow, insertEvents, prepareDays } from './event-rows.js';

const SPAN = { from: new Date('2025-12-31T00:00:00Z'), to: new Date('2026-01-02T00:00:00Z') };

let db: TestDatabase;
let session: Session;
let events: EventRow[];
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
  await prepareDays(session);
});
afterAll(async () => {
  await session.close();
  await db.drop();
});
beforeEach(async () => {
  await session.run(EMPTY_USAGE);
  events = fc.sample(anyEventRow, { seed: 17, numRuns: 120 }) as EventRow[];
});

const reconcile = () => reconcileUsage(session, { rollups, ...SPAN });

async function counts(table: string): Promise<bigint> {
  const [row] = await session.query<{ n: bigint | null }>(
    `select sum(requests)::bigint as n from analytics.${table}`,
  );
  return row!.n ?? 0n;
}

describe('refreshing', () => {
  test('recomputes what was marked and nothing else, coarser rollups after finer ones', async () => {
    await insertEvents(session, events);
    const first = await refreshRollups(session, { rollups });
    expect(first.rollups.map(({ rollup }) => rollup).sort()).toEqual(rollups.map(({ name }) => name).sort());
    expect(first).toMatchObject({ left: 0, conflicts: 0, withoutSource: 0 });
    expect(await markedBuckets(session)).toEqual([]);
    expect(await refreshRollups(session, { rollups })).toMatchObject({ rollups: [], marks: 0 });

    const one = events[0]!;
    await session.query('update analytics.usage_events set status = 418 where event_id = $1', [one.event_id]);
    const before = await session.query<{ n: bigint }>(
      'select count(*) as n from analytics.usage_rollups_hour_organization where refreshed_at = (select max(refreshed_at) from analytics.usage_rollups_hour_organization)',
    );
    expect(before[0]!.n).toBeGreaterThan(0n);
    const again = await refreshRollups(session, { rollups });
    expect(again.rollups.find(({ rollup }) => rollup === 'hour_organization')!.buckets).toBe(1);
    expect((await reconcile()).isExact).toBe(true);
  });

  test('removes the rows of events that are gone', async () => {
    await insertEvents(session, events);
    await refreshRollups(session, { rollups });
    await session.run('delete from analytics.usage_events');
    await refreshRollups(session, { rollups });
    for (const { name } of rollups) {
      expect(await counts(`usage_rollups_${name}`)).toBe(0n);
    }
  });

  test('finds a transaction that commits after later ones were rolled up', async () => {
    await withSession(db.database, async (late) => {
      await late.run('begin');
      await insertEvents(late, events.slice(0, 10));
      await insertEvents(session, events.slice(10));
      await refreshRollups(session, { rollups });
      expect(await counts('usage_rollups_hour_organization')).toBe(110n);
      await late.run('commit');
      await refreshRollups(session, { rollups });
    });
    expect(await counts('usage_rollups_hour_organization')).toBe(120n);
    expect(await counts('usage_rollups_month_organization')).toBe(120n);
    expect((await reconcile()).isExact).toBe(true);
  });

  test('keeps the mark of what is committed while a bucket is recomputed', async () => {
    await insertEvents(session, events.slice(0, 60));
    await withSession(db.database, async (other) => {
      // Between the snapshot of the worker and its commit: its first statement is the lock, its second the snapshot.
      await other.run('begin; lock table analytics.usage_rollups_hour_model_status in access exclusive mode');
      const working = refreshRollups(session, { rollups });
      await waitUntilSomeoneWaits(other);
      await withSession(db.database, (writer) => insertEvents(writer, events.slice(60)));
      await other.run('commit');
      await working;
    });
    await refreshRollups(session, { rollups });
    expect(await counts('usage_rollups_hour_model_status')).toBe(120n);
    expect((await reconcile()).isExact).toBe(true);
  });

  test('leaves a bucket that another worker has, and its marks', async () => {
    await insertEvents(session, events.slice(0, 1));
    await withSession(db.database, async (other) => {
      await other.run('begin');
      await other.query(
        "select pg_advisory_xact_lock(hashtextextended('plinth.rollup/usage_events/' || extract(epoch from bucket_start)::text, 0)) from analytics.rollup_marks",
      );
      expect(await refreshRollups(session, { rollups })).toMatchObject({ rollups: [], left: 1 });
      await other.run('rollback');
    });
    expect(await refreshRollups(session, { rollups })).toMatchObject({ left: 0 });
  });

  test('lets buckets settle only when it is told to', async () => {
    await insertEvents(session, events.slice(0, 1));
    const settling = await refreshRollups(session, { rollups, settling: true });
    expect(settling.rollups.map(({ rollup }) => rollup)).toEqual(['hour_model_status', 'hour_organization']);
    expect(settling.left).toBe(3);
    expect((await reconcile()).rollups.map(({ pending }) => pending).sort()).toEqual([0, 0, 1, 1, 1]);
    expect((await refreshRollups(session, { rollups })).left).toBe(0);
  });

  test('leaves the rollups of what retention has taken as they are', async () => {
    await insertEvents(session, events);
    await refreshRollups(session, { rollups });
    await session.run(`
      insert into analytics.rollup_horizons (subject, complete_from) values ('usage_events', '2026-01-01 00:00+00');
      alter table analytics.usage_events detach partition analytics.usage_events_20251231;
      select analytics.mark_usage_hours('2025-12-31 22:00+00', '2026-01-01 02:00+00')`);
    try {
      const refresh = await refreshRollups(session, { rollups });
      expect(refresh.withoutSource).toBeGreaterThan(0);
      // Nobody can work them off: upkeep would be late for ever.
      expect(await session.query('select subject, bucket_start from analytics.rollup_marks')).toEqual([]);
      expect(await counts('usage_rollups_hour_organization')).toBe(120n);
      expect(await counts('usage_rollups_month_organization')).toBe(120n);
      const { isExact, rollups: compared } = await reconcile();
      expect(isExact).toBe(true);
      expect(compared.find(({ rollup }) => rollup === 'hour_organization')!.withoutSource).toBeGreaterThan(0);
    } finally {
      await session.run(`alter table analytics.usage_events attach partition analytics.usage_events_20251231
                           for values from ('2025-12-31 00:00+00') to ('2026-01-01 00:00+00')`);
    }
  });

  test('compares over centuries without walking through them', async () => {
    await insertEvents(session, events);
    await session.run(`
      select analytics.ensure_usage_event_partitions('2199-06-01', '2199-06-02');
      insert into analytics.usage_events (organization_id, event_time, event_id, model_id, status, usage_known, operation, source)
      select '${ORGANIZATION}', analytics.uuid_v7_time(id), id, 1, 200, true, 'chat', 'test'
        from analytics.uuid_v7_at('2199-06-01 12:00Z') as id`);
    await refreshRollups(session, { rollups });
    await session.run(`
      insert into analytics.usage_rollups_hour_organization
      select * from jsonb_populate_record(null::analytics.usage_rollups_hour_organization, (
        select to_jsonb(r) || '{"bucket_start": "2100-01-01T05:00:00Z"}' from analytics.usage_rollups_hour_organization as r limit 1
      ))`);
    let statements = 0;
    const counting = new Proxy(session, {
      get: (target, name) => {
        statements += name === 'query' ? 1 : 0;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const { rollups: compared } = await reconcileUsage(counting, { rollups });
    expect(
      compared.map(({ rollup, mismatches }) => [rollup, mismatches.map((time) => time.getUTCFullYear())]),
    ).toEqual([
      ['day_organization_key_model', []],
      ['hour_model_status', []],
      ['hour_organization', [2100]],
      ['day_model_status', []],
      ['month_organization', [2100]],
    ]);
    expect(compared[1]!.buckets).toBeGreaterThan(2);
    expect(statements).toBeLessThan(100);
    await session.run('drop table analytics.usage_events_21990601');
  });

  test('removes what a declaration no longer keeps, and what sums it stays whole', async () => {
    await insertEvents(session, events);
    await refreshRollups(session, { rollups });
    const kept = rollups.map((rollup) =>
      rollup.name === 'hour_organization' ? { ...rollup, retentionMs: 24 * 3_600_000 } : rollup,
    );
    const months = () =>
      session.query(
        'select bucket_start, organization_id, currency, requests from analytics.usage_rollups_month_organization order by 1, 2, 3',
      );
    const before = await months();
    const expired = await expireRollups(session, kept, new Date('2026-01-02T12:00:00Z'));
    // The first of the month, so that January keeps all of its hours.
    expect(expired.find(({ rollup }) => rollup === 'hour_organization')).toMatchObject({
      before: new Date('2026-01-01T00:00:00Z'),
    });
    expect(await counts('usage_rollups_hour_organization')).toBeLessThan(120n);
    await session.run(
      "insert into analytics.rollup_marks (subject, bucket_start) values ('month_organization', '2025-12-01 00:00+00')",
    );
    expect(await refreshRollups(session, { rollups: kept })).toMatchObject({ withoutSource: 1, rollups: [] });
    expect(await months()).toEqual(before);
    expect((await reconcile()).levels.every(({ mismatches }) => mismatches.length === 0)).toBe(true);
  });

  test('stops at the signal, and what was finished stays', async () => {
    await insertEvents(session, events);
    await expect(refreshRollups(session, { rollups, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'USAGE_CANCELLED',
    });
    expect(await markedBuckets(session)).not.toEqual([]);
  });

  test('of a span recomputes it though nothing is marked', async () => {
    await insertEvents(session, events);
    await refreshRollups(session, { rollups });
    await session.run('update analytics.usage_rollups_hour_organization set requests = requests + 1');
    await rollUpUsage(session, { rollups });
    expect((await reconcile()).isExact).toBe(true);
    await expect(rollUpUsage(session, { rollups, from: SPAN.to, to: SPAN.from })).rejects.toMatchObject({
      code: 'USAGE_RANGE_INVALID',
    });
  });
});

describe('the live tail', () => {
  test('makes every rollup exact at any moment, before anything was rolled up and after half of it was', async () => {
    const live = async (name: string): Promise<bigint> => {
      const rollup = rollups.find((one) => one.name === name)!;
      const [row] = await session.query<{ n: bigint | null }>(
        `select sum(requests)::bigint as n from ${liveRows(rollup, rollups, { from: '$1::timestamptz', to: '$2::timestamptz' })} as r`,
        [new Date('2025-12-01T00:00:00Z'), new Date('2026-02-01T00:00:00Z')],
      );
      return row!.n ?? 0n;
    };
    await insertEvents(session, events.slice(0, 50));
    for (const { name } of rollups) {
      expect(await live(name)).toBe(50n);
    }
    await refreshRollups(session, { rollups, settling: true });
    await insertEvents(session, events.slice(50));
    for (const { name } of rollups) {
      expect(await live(name)).toBe(120n);
    }
  });
});

describe('reconciling', () => {
  beforeEach(async () => {
    await insertEvents(session, events);
    await refreshRollups(session, { rollups });
  });

  test('finds nothing where nothing is wrong, and says what it compared', async () => {
    const { isExact, rollups: compared, levels, differences } = await reconcile();
    expect({ isExact, differences }).toEqual({ isExact: true, differences: [] });
    for (const { totals, buckets, pending } of compared) {
      expect(totals.requests).toEqual({ source: 120n, rollup: 120n });
      expect(totals.cost_nanos!.source).toBe(totals.cost_nanos!.rollup);
      expect(buckets).toBeGreaterThan(0);
      expect(pending).toBe(0);
    }
    expect(levels).toHaveLength(4);
    for (const { buckets, mismatches } of levels) {
      expect(buckets).toBeGreaterThan(0);
      expect(mismatches).toEqual([]);
    }
  });

  test('without a span compares everything, and of nothing finds nothing', async () => {
    const everything = await reconcileUsage(session, { rollups });
    expect(everything.rollups.map(({ totals }) => totals.requests!.source)).toEqual(rollups.map(() => 120n));
    await session.run(EMPTY_USAGE);
    expect(await reconcileUsage(session, { rollups })).toMatchObject({ range: undefined, isExact: true });
  });

  const faults = {
    'a sum that was changed':
      'update analytics.usage_rollups_hour_organization set output_text_tokens = output_text_tokens + 1',
    'a sum that was moved between two rows': `update analytics.usage_rollups_hour_organization as r set cost_nanos = cost_nanos + case when currency = 'USD' then 1 else -1 end
      where (select count(*) from analytics.usage_rollups_hour_organization as o
              where o.bucket_start = r.bucket_start and o.organization_id = r.organization_id and o.cost_nanos > 0) = 2`,
    'a row that was lost': 'delete from analytics.usage_rollups_hour_model_status where status = 200',
    'a row too many': `insert into analytics.usage_rollups_day_organization_key_model
      (organization_id, bucket_start, api_key_id, model_id, currency, requests, errors, usage_unknown, cost_unknown,
       input_uncached_tokens, input_cache_read_tokens, input_cache_write_tokens, output_text_tokens, output_reasoning_tokens, cost_nanos)
      values (gen_random_uuid(), '2025-12-31 00:00+00', null, 1, 'USD', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
    'a latency in another bucket':
      'update analytics.usage_rollups_hour_organization set latency_buckets[1] = latency_buckets[1] + 1 where cardinality(latency_buckets) > 0',
    'a sketch that was changed':
      'update analytics.usage_rollups_hour_model_status set users_ranks[1] = users_ranks[1] + 1 where cardinality(users_ranks) > 0',
    'a level that was changed':
      'update analytics.usage_rollups_month_organization set cost_nanos = cost_nanos + 1',
    'an event that came in behind the back of the marks': `alter table analytics.usage_events disable trigger all; delete from analytics.usage_events where event_id = (select min(event_id::text)::uuid from analytics.usage_events); alter table analytics.usage_events enable trigger all`,
  };
  for (const [fault, sql] of Object.entries(faults)) {
    test(`finds and repairs ${fault}`, async () => {
      await session.run(sql);
      const found = await reconcile();
      expect(found.isExact).toBe(false);
      expect(found.differences.length).toBeGreaterThan(0);
      for (const { source, rollupValue } of found.differences) {
        expect(source).not.toBe(rollupValue);
      }
      const repaired = await repairUsage(session, { rollups, ...SPAN });
      expect(repaired.before).toMatchObject({ isExact: false });
      expect(repaired).toMatchObject({ isExact: true, differences: [] });
      expect((await reconcile()).isExact).toBe(true);
    });
  }

  test('tells the row and the measure with both values', async () => {
    await session.run(
      'update analytics.usage_rollups_hour_organization set errors = requests where errors < requests and bucket_start = (select min(bucket_start) from analytics.usage_rollups_hour_organization where errors < requests)',
    );
    const { differences } = await reconcile();
    const [first] = differences.filter(({ rollup }) => rollup === 'hour_organization');
    expect(first).toMatchObject({
      measure: 'errors',
      dimensions: { currency: expect.stringMatching(/USD|EUR/) },
    });
    expect(BigInt(first!.source!)).toBeLessThan(BigInt(first!.rollupValue!));
  });

  test('passes over buckets that are marked: they are under way', async () => {
    await session.run(
      "update analytics.usage_rollups_hour_organization set requests = requests + 1; select analytics.mark_usage_hours('2025-12-31 00:00+00', '2026-01-02 00:00+00')",
    );
    const { isExact, rollups: compared } = await reconcile();
    expect(isExact).toBe(true);
    expect(compared.every(({ buckets, pending }) => buckets === 0 && pending > 0)).toBe(true);
  });
});

test('rollups of any grain that a declaration names stay exact by the same marks', async () => {
  const declared = parseRollups(
    ['minute', 'quarter-hour', 'month'].map((grain) => ({
      file: `${grain.replace('-', '_')}_load.yml`,
      text: `version: 1\ndescription: Load.\ngrain: ${grain}\ndimensions: [api_key_id]\nmeasures: { requests: { count: all }, slow: { count: latency_us > 1000 }, ttft: { percentiles: ttft_us }, keys: { distinct: user_id } }\n`,
    })),
  );
  const { tableSql } = await import('../../../src/usage/index.js');
  for (const rollup of declared) {
    await session.run(tableSql(rollup));
  }
  await insertEvents(session, events);
  await refreshRollups(session, { rollups: declared });
  await session.run('delete from analytics.usage_events where status = 200');
  const half = await reconcileUsage(session, { rollups: declared, ...SPAN });
  expect(half.isExact).toBe(true);
  expect(half.rollups.every(({ pending }) => pending > 0)).toBe(true);
  await refreshRollups(session, { rollups: declared });
  const { isExact, rollups: compared } = await reconcileUsage(session, { rollups: declared, ...SPAN });
  expect(isExact).toBe(true);
  expect(compared.map(({ pending }) => pending)).toEqual([0, 0, 0]);
});

async function waitUntilSomeoneWaits(session: Session): Promise<void> {
  for (;;) {
    const [row] = await session.query<{ n: bigint }>(
      'select count(*) as n from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())',
    );
    if (row!.n > 0n) {
      return;
    }
    await new Promise((settle) => setTimeout(settle, 20));
  }
}
