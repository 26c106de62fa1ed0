import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import {
  GRAINS,
  type Grain,
  importUsage,
  markUsage,
  refreshRollups,
  usageTrend,
} from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import {
  createUsageDatabase,
  ORGANIZATION,
  OTHER_ORGANIZATION,
  ROLLUPS as rollups,
  textInput,
} from './support.js';

const FIRST_DAY = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-01T05:00:00Z') };

describeOnEveryServer('a trend', ({ url }) => {
  let db: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    db = await createUsageDatabase(['analytics'], await url());
    session = await db.database.connect();
    const rows = [
      // organization, time, model, status, uncached, cached, output, latency, cost, currency
      [ORGANIZATION, '2026-03-01T00:10:00Z', 'large', 200, 100, 900, 10, 1_000_000, 5, 'USD'],
      [ORGANIZATION, '2026-03-01T00:20:00Z', 'small', 429, 0, 0, 0, 2_000, 0, 'USD'],
      [OTHER_ORGANIZATION, '2026-03-01T00:30:00Z', 'large', 200, 7, 0, 3, 3_000_000, 11, 'EUR'],
      [ORGANIZATION, '2026-03-01T03:00:00Z', 'large', 200, 1, 0, 1, '', '', 'USD'],
      [ORGANIZATION, '2026-04-30T23:59:59Z', 'large', 200, 2, 0, 2, 500_000, 1, 'USD'],
    ];
    const header =
      'organization_id,event_time,model,status,input_uncached_tokens,input_cache_read_tokens,output_text_tokens,latency_us,cost_nanos,currency';
    await importUsage(session, {
      input: textInput([header, ...rows.map((row) => row.join(','))].join('\n')),
      provider: 'acme',
    });
    await refreshRollups(session, { rollups });
  });
  afterAll(async () => {
    await session.close();
    await db.drop();
  });

  test('has a point for every bucket of its span, also where nothing happened', async () => {
    const { points, total } = await usageTrend(session, { rollups, ...FIRST_DAY, grain: 'hour' });
    expect(points.map((point) => point.bucketStart.getUTCHours())).toEqual([0, 1, 2, 3, 4]);
    expect(points.map((point) => point.requests)).toEqual([3n, 0n, 0n, 1n, 0n]);
    expect(points[1]).toMatchObject({ errorRate: 0, inputTokens: 0n, costs: [], latency: undefined });
    expect(points[0]).toMatchObject({
      bucketEnd: new Date('2026-03-01T01:00:00Z'),
      errors: 1n,
      errorRate: 1 / 3,
      inputTokens: 1_007n,
      outputTokens: 13n,
      costs: [
        { currency: 'EUR', nanos: 11n },
        { currency: 'USD', nanos: 5n },
      ],
    });
    expect(points[3]).toMatchObject({ costUnknown: 1n, latency: undefined });
    expect(total).toMatchObject({ requests: 4n, errors: 1n, inputTokens: 1_008n, outputTokens: 14n });
  });

  test('is the same from rollups, from events, and from rollups with a live tail', async () => {
    const span = { from: new Date('2026-03-01'), to: new Date('2026-05-01') };
    for (const grain of GRAINS) {
      const isFine = grain === 'minute' || grain === 'quarter-hour';
      const question = { ...(isFine ? FIRST_DAY : span), grain };
      const told = await usageTrend(session, { rollups, ...question });
      expect(told.total.requests).toBe(isFine ? 4n : 5n);
      const fromEvents = await usageTrend(session, { rollups: [], ...question });
      expect(fromEvents).toEqual({ ...told, source: fromEvents.source });
      expect(fromEvents.source.rollup).toBeUndefined();
      await markUsage(session, {
        from: new Date('2026-03-01T00:10:00Z'),
        to: new Date('2026-03-01T03:30:00Z'),
      });
      expect(await usageTrend(session, { rollups, ...question })).toEqual(told);
      await session.run('truncate analytics.rollup_marks');
    }
  });

  test('is read from the coarsest rollup that can tell it', async () => {
    const of = async (grain: Grain, filter: object = {}): Promise<string | undefined> =>
      (await usageTrend(session, { rollups, ...FIRST_DAY, grain, ...filter })).source.rollup;
    expect(await of('hour', { model: 'large' })).toBe('hour_model_status');
    expect(await of('day', { model: 'large' })).toBe('day_model_status');
    expect(await of('hour', { organizationId: ORGANIZATION })).toBe('hour_organization');
    expect(await of('month', { organizationId: ORGANIZATION })).toBe('month_organization');
    expect(await of('minute')).toBeUndefined();
  });

  test('tells percentiles of latency at most one percent off', async () => {
    const { points } = await usageTrend(session, { rollups, ...FIRST_DAY, grain: 'hour' });
    const { p50Us, p95Us, p99Us } = points[0]!.latency!;
    expect(Math.abs(p50Us / 1_000_000 - 1)).toBeLessThanOrEqual(0.01);
    expect(Math.abs(p95Us / 3_000_000 - 1)).toBeLessThanOrEqual(0.01);
    expect(p99Us).toBe(p95Us);
  });

  test('is of one organization, of one model, or of both', async () => {
    const requests = async (filter: object): Promise<bigint> =>
      (await usageTrend(session, { rollups, ...FIRST_DAY, grain: 'day', ...filter })).total.requests;
    expect(await requests({ organizationId: ORGANIZATION })).toBe(3n);
    expect(await requests({ model: 'large' })).toBe(3n);
    expect(await requests({ organizationId: ORGANIZATION, provider: 'acme', model: 'large' })).toBe(2n);
    expect(await requests({ provider: 'nobody' })).toBe(0n);
  });

  test('by month goes from the first of a month to the first of another', async () => {
    const { points, range } = await usageTrend(session, {
      rollups,
      from: new Date('2026-02-15T00:00:00Z'),
      to: new Date('2026-05-01T00:00:00Z'),
      grain: 'month',
    });
    expect(range).toEqual({ from: new Date('2026-02-01T00:00:00Z'), to: new Date('2026-05-01T00:00:00Z') });
    expect(points.map((point) => point.requests)).toEqual([0n, 4n, 1n]);
  });

  test('is refused for an organization that is no UUID', async () => {
    await expect(
      usageTrend(session, { rollups, ...FIRST_DAY, grain: 'day', organizationId: 'seven' }),
    ).rejects.toMatchObject({ code: 'USAGE_OPTION_INVALID' });
  });

  test('is refused when it would have more points than anybody reads', async () => {
    const span = { from: new Date('2020-01-01'), to: new Date('2026-01-01') };
    await expect(usageTrend(session, { rollups, ...span, grain: 'minute' })).rejects.toMatchObject({
      code: 'USAGE_RANGE_INVALID',
    });
  });
});
