import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Session, withSession } from '../../src/database/index.js';
import {
  ensureUsagePartitions,
  GRAINS,
  type Grain,
  importUsage,
  latencyBucketUs,
  latencyPercentileUs,
  reconcileUsage,
  recordUsageEvent,
  rollUpUsage,
  type UsageEvent,
} from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, ORGANIZATION, OTHER_ORGANIZATION, textInput, usageEvent } from './support.js';

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
});
afterAll(async () => {
  await session.close();
  await db.drop();
});
beforeEach(() =>
  session.run(
    `truncate analytics.usage_events, analytics.usage_rollups_minute, analytics.usage_rollups_hour,
              analytics.usage_rollups_day, analytics.usage_rollups_month`,
  ),
);

/** Two months around a turn of the year, and so of a day, an hour and a minute. */
const FROM = Date.UTC(2025, 11, 31, 23, 58);
const SPAN = { from: new Date('2025-12-01T00:00:00Z'), to: new Date('2026-02-01T00:00:00Z') };

const anyEvent: fc.Arbitrary<UsageEvent> = fc.record({
  organizationId: fc.constantFrom(ORGANIZATION, OTHER_ORGANIZATION),
  eventTime: fc.oneof(
    fc.integer({ min: 0, max: 240_000 }).map((offset) => new Date(FROM + offset)),
    fc.constantFrom(0, 119_999, 120_000, 120_001).map((offset) => new Date(FROM + offset)),
  ),
  provider: fc.constant('acme'),
  model: fc.constantFrom('large', 'small'),
  operation: fc.constant('chat' as const),
  status: fc.constantFrom(200, 399, 400, 503),
  errorType: fc.option(fc.constant('timeout'), { nil: undefined }),
  tokens: fc.option(
    fc.record({
      inputUncached: tokens(),
      inputCacheRead: tokens(),
      inputCacheWrite: tokens(),
      outputText: tokens(),
      outputReasoning: tokens(),
    }),
    { nil: undefined },
  ),
  latencyUs: fc.option(
    fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 86_400_000_000 })),
    {
      nil: undefined,
    },
  ),
  currency: fc.constantFrom('USD', 'EUR'),
  cost: fc.option(
    fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map((nanos) => ({ nanos, source: 'provider' as const })),
    { nil: undefined },
  ),
});

function tokens(): fc.Arbitrary<number> {
  return fc.oneof(fc.constant(0), fc.constant(1_000_000_000), fc.integer({ min: 0, max: 100_000 }));
}

/** Events as the lines of an import of our own. */
function linesOf(events: readonly UsageEvent[]): string {
  return events
    .map((event) =>
      JSON.stringify({
        event_time: event.eventTime.toISOString(),
        organization_id: event.organizationId,
        provider: event.provider,
        model: event.model,
        status: event.status,
        error_type: event.errorType,
        input_uncached_tokens: event.tokens?.inputUncached,
        input_cache_read_tokens: event.tokens?.inputCacheRead,
        input_cache_write_tokens: event.tokens?.inputCacheWrite,
        output_text_tokens: event.tokens?.outputText,
        output_reasoning_tokens: event.tokens?.outputReasoning,
        latency_us: event.latencyUs,
        currency: event.currency,
        cost_nanos: event.cost?.nanos.toString(),
      }),
    )
    .join('\n');
}

describe('rollups', () => {
  test('equal what is summed by hand, at every grain, however the events came in and in how many parts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEvent, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 0, max: 60 }),
        async (events, split) => {
          await session.run(
            `truncate analytics.usage_events, analytics.usage_rollups_minute, analytics.usage_rollups_hour,
                      analytics.usage_rollups_day, analytics.usage_rollups_month`,
          );
          for (const [source, part] of Object.entries({
            a: events.slice(0, split),
            b: events.slice(split),
          })) {
            if (part.length > 0) {
              const { totals } = await importUsage(session, { source, input: textInput(linesOf(part)) });
              await rollUpUsage(session, { grains: GRAINS, ...totals.range });
            }
          }
          for (const grain of GRAINS) {
            expect(await rollupRows(grain)).toEqual(byHand(events, grain));
            const checked = await reconcileUsage(session, { ...SPAN, grain });
            expect(checked).toMatchObject({ isExact: true, mismatchCount: 0, mismatches: [] });
            expect(checked.totals.requests).toEqual({
              source: await countEvents(),
              rollup: await countEvents(),
            });
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  test('change nothing when they are computed again', async () => {
    await importUsage(session, { input: textInput(linesOf(fc.sample(anyEvent, { seed: 7, numRuns: 200 }))) });
    await rollUpUsage(session, { grains: GRAINS });
    const before = await Promise.all(GRAINS.map(rollupRows));
    const again = await rollUpUsage(session, { grains: GRAINS });
    expect(await Promise.all(GRAINS.map(rollupRows))).toEqual(before);
    for (const { rowsRemoved, rowsWritten } of again) {
      expect(rowsWritten).toBe(rowsRemoved);
      expect(rowsWritten).toBeGreaterThan(0);
    }
  });

  test('of events that are gone are removed', async () => {
    await importUsage(session, { input: textInput(linesOf([usageEvent()])) });
    await rollUpUsage(session, { grains: ['hour'] });
    await session.run('delete from analytics.usage_events');
    const [hour] = await rollUpUsage(session, { grains: ['hour'] });
    expect(hour).toMatchObject({ rowsRemoved: 1, rowsWritten: 0 });
  });

  test('of nothing are nothing', async () => {
    expect(await rollUpUsage(session, { grains: ['day', 'minute'] })).toMatchObject([
      { grain: 'minute', range: undefined, rowsWritten: 0 },
      { grain: 'day', range: undefined, rowsWritten: 0 },
    ]);
  });

  test('are replaced in whole buckets, and only those that the span touches', async () => {
    const at = (time: string): UsageEvent => usageEvent({ eventTime: new Date(time) });
    await importUsage(session, {
      input: textInput(
        linesOf([at('2026-03-01T11:59:59.999Z'), at('2026-03-01T12:30:00Z'), at('2026-03-01T13:00:00Z')]),
      ),
    });
    const [hour] = await rollUpUsage(session, {
      grains: ['hour'],
      from: new Date('2026-03-01T12:29:00Z'),
      to: new Date('2026-03-01T12:31:00Z'),
    });
    expect(hour).toMatchObject({
      rowsWritten: 1,
      range: { from: new Date('2026-03-01T12:00:00Z'), to: new Date('2026-03-01T13:00:00Z') },
    });
  });

  test('stay exact when several compute them while events come in', async () => {
    await ensureUsagePartitions(session, { from: new Date('2026-03-01'), to: new Date('2026-03-02') });
    const day = { from: new Date('2026-03-01'), to: new Date('2026-03-02') };
    const writers = [0, 1].map((writer) =>
      withSession(db.database, async (own) => {
        for (let minute = 0; minute < 40; minute += 1) {
          const eventTime = new Date(Date.UTC(2026, 2, 1, 12, minute, writer));
          await recordUsageEvent(own, usageEvent({ eventTime }));
        }
      }),
    );
    const workers = [0, 1].map(() =>
      withSession(db.database, async (own) => {
        for (let run = 0; run < 5; run += 1) {
          await rollUpUsage(own, { grains: ['hour', 'minute'], ...day });
        }
      }),
    );
    await Promise.all([...writers, ...workers]);
    await rollUpUsage(session, { grains: ['minute', 'hour'], ...day });
    for (const grain of ['minute', 'hour'] as const) {
      const { isExact, totals } = await reconcileUsage(session, { ...day, grain });
      expect(isExact).toBe(true);
      expect(totals.requests).toEqual({ source: 80n, rollup: 80n });
    }
  });

  test('do not change when the signal is given', async () => {
    await importUsage(session, { input: textInput(linesOf([usageEvent()])) });
    await expect(
      rollUpUsage(session, { grains: ['hour'], signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({
      code: 'USAGE_CANCELLED',
    });
    expect(await rollupRows('hour')).toEqual([]);
  });

  test('are refused for a span that ends before it begins', async () => {
    const [from, to] = [new Date('2026-03-02'), new Date('2026-03-01')];
    await expect(rollUpUsage(session, { grains: ['hour'], from, to })).rejects.toMatchObject({
      code: 'USAGE_RANGE_INVALID',
    });
  });
});

describe('reconciling', () => {
  const day = { from: new Date('2026-03-01'), to: new Date('2026-03-02'), grain: 'hour' as const };

  beforeEach(async () => {
    const events = [0, 1, 2].map((hour) => usageEvent({ eventTime: new Date(Date.UTC(2026, 2, 1, hour)) }));
    await importUsage(session, { input: textInput(linesOf(events)) });
    await rollUpUsage(session, { grains: ['hour'] });
  });

  test('finds nothing where nothing is wrong', async () => {
    expect(await reconcileUsage(session, day)).toMatchObject({
      isExact: true,
      mismatches: [],
      totals: { requests: { source: 3n, rollup: 3n }, input_uncached_tokens: { source: 300n, rollup: 300n } },
    });
  });

  test('finds every measure that was changed, with both numbers', async () => {
    await session.run(
      `update analytics.usage_rollups_hour set output_text_tokens = output_text_tokens + 1, cost_nanos = 7
        where bucket_start = '2026-03-01 01:00:00+00'`,
    );
    const { isExact, mismatchCount, mismatches, totals, costs } = await reconcileUsage(session, day);
    expect({ isExact, mismatchCount }).toEqual({ isExact: false, mismatchCount: 2 });
    expect(mismatches).toMatchObject([
      { measure: 'cost_nanos', source: 0n, rollup: 7n, bucketStart: new Date('2026-03-01T01:00:00Z') },
      { measure: 'output_text_tokens', source: 20n, rollup: 21n, organizationId: ORGANIZATION },
    ]);
    expect(totals.output_text_tokens).toEqual({ source: 60n, rollup: 61n });
    expect(costs).toEqual([{ currency: 'USD', source: 0n, rollup: 7n }]);
  });

  test('finds a latency in the wrong bucket though all counts are right', async () => {
    await session.run(
      `update analytics.usage_rollups_hour set latency_buckets = array[latency_buckets[1] + 1]::smallint[]
        where bucket_start = '2026-03-01 02:00:00+00'`,
    );
    expect((await reconcileUsage(session, day)).mismatches).toMatchObject([
      { measure: 'latency_bucket_712', source: 1n, rollup: undefined },
      { measure: 'latency_bucket_713', source: undefined, rollup: 1n },
    ]);
  });

  test('finds a bucket that is missing and one that is too many, and counts beyond its limit', async () => {
    await session.run(
      `delete from analytics.usage_rollups_hour where bucket_start = '2026-03-01 00:00:00+00';
       delete from analytics.usage_events where event_time >= '2026-03-01 02:00:00+00'`,
    );
    const { mismatchCount, mismatches } = await reconcileUsage(session, { ...day, limit: 3 });
    expect(mismatchCount).toBe(2 * 11 + 2);
    expect(mismatches).toHaveLength(3);
    const { mismatches: all } = await reconcileUsage(session, day);
    const requests = all.filter(({ measure }) => measure === 'requests');
    expect(requests).toMatchObject([
      { source: 1n, rollup: undefined },
      { source: undefined, rollup: 1n },
    ]);
  });
});

describe('the latency histogram', () => {
  test('gives every percentile within one percent of the exact one', async () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 1, max: 86_400_000_000 })), {
          minLength: 1,
          maxLength: 300,
        }),
        fc.constantFrom(0.001, 0.5, 0.9, 0.95, 0.99, 0.999, 1),
        (latencies, share) => {
          const counts = new Map<number, bigint>();
          for (const latency of latencies) {
            const bucket = Math.max(0, Math.ceil(Math.log(latency) / Math.log(1.0202)));
            counts.set(bucket, (counts.get(bucket) ?? 0n) + 1n);
          }
          const sorted = [...counts].sort(([a], [b]) => a - b);
          const exact = [...latencies].sort((a, b) => a - b)[Math.ceil(share * latencies.length) - 1]!;
          const told = latencyPercentileUs(
            { buckets: sorted.map(([bucket]) => bucket), counts: sorted.map(([, count]) => count) },
            share,
          )!;
          expect(Math.abs(told - exact) / exact).toBeLessThanOrEqual(0.01);
        },
      ),
    );
  });

  test('has the same buckets here as in the database', async () => {
    const rows = await session.query<{ bucket: number; us: number }>(
      'select b as bucket, analytics.latency_bucket_us(b::smallint) as us from generate_series(0, 1260) as b',
    );
    for (const { bucket, us } of rows) {
      expect(Math.abs(latencyBucketUs(bucket) / us - 1)).toBeLessThan(1e-12);
    }
  });
});

interface Row {
  readonly key: string;
  readonly sums: readonly bigint[];
  readonly cost: bigint;
  readonly latencies: readonly (readonly [number, bigint])[];
}

async function rollupRows(grain: Grain): Promise<Row[]> {
  const rows = await session.query<{
    key: string;
    sums: string[];
    cost: string;
    latency_buckets: number[];
    latency_counts: string[];
  }>(
    `select concat_ws('/', organization_id, to_char(bucket_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS'), m.name, currency) as key,
            array[requests, errors, usage_unknown, cost_unknown, input_uncached_tokens, input_cache_read_tokens,
                  input_cache_write_tokens, output_text_tokens, output_reasoning_tokens, latency_count] as sums,
            cost_nanos::text as cost, latency_buckets, latency_counts
       from analytics.usage_rollups_${grain} as r join analytics.models as m on m.id = r.model_id`,
  );
  return sortedRows(
    rows.map(({ key, sums, cost, latency_buckets, latency_counts }) => ({
      key,
      sums: sums.map(BigInt),
      cost: BigInt(cost),
      latencies: latency_buckets.map((bucket, index) => [bucket, BigInt(latency_counts[index]!)] as const),
    })),
  );
}

function sortedRows(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The rollup of events in plain JavaScript. */
function byHand(events: readonly UsageEvent[], grain: Grain): Row[] {
  const groups = new Map<string, UsageEvent[]>();
  for (const event of events) {
    const start = event.eventTime.toISOString();
    const cut = { minute: 16, hour: 13, day: 10, month: 7 }[grain];
    const bucket = start.slice(0, cut) + '0000-01-01T00:00:00'.slice(cut);
    const key = [event.organizationId, bucket, event.model, event.currency].join('/');
    groups.set(key, [...(groups.get(key) ?? []), event]);
  }
  return sortedRows([...groups].map(([key, group]) => ({ key, ...sumsByHand(group) })));
}

function sumsByHand(events: readonly UsageEvent[]): Omit<Row, 'key'> {
  const count = (holds: (event: UsageEvent) => boolean): bigint => BigInt(events.filter(holds).length);
  const total = (of: (event: UsageEvent) => number | undefined): bigint =>
    events.reduce((sum, event) => sum + BigInt(of(event) ?? 0), 0n);
  const latencies = new Map<number, bigint>();
  for (const { latencyUs } of events) {
    if (latencyUs !== undefined) {
      const bucket = latencyUs <= 1 ? 0 : Math.min(1260, Math.ceil(Math.log(latencyUs) / Math.log(1.0202)));
      latencies.set(bucket, (latencies.get(bucket) ?? 0n) + 1n);
    }
  }
  return {
    sums: [
      BigInt(events.length),
      count((event) => event.status >= 400 || event.errorType !== undefined),
      count((event) => event.tokens === undefined),
      count((event) => event.cost === undefined),
      total((event) => event.tokens?.inputUncached),
      total((event) => event.tokens?.inputCacheRead),
      total((event) => event.tokens?.inputCacheWrite),
      total((event) => event.tokens?.outputText),
      total((event) => event.tokens?.outputReasoning),
      count((event) => event.latencyUs !== undefined),
    ],
    cost: events.reduce((sum, event) => sum + (event.cost?.nanos ?? 0n), 0n),
    latencies: [...latencies].sort(([a], [b]) => a - b),
  };
}

async function countEvents(): Promise<bigint> {
  const [row] = await session.query<{ n: bigint }>('select count(*) as n from analytics.usage_events');
  return row!.n;
}
