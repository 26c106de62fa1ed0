import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../../src/database/index.js';
import {
  ensureUsagePartitions,
  readTime,
  refreshRollups,
  usageGroups,
  usageTrend,
} from '../../../src/usage/index.js';
import { boundsBefore, bucketBounds, spanBefore } from '../../../src/usage/question/buckets.js';
import type { TestDatabase } from '../../support/database.js';
import { describeOnEveryServer } from '../../support/every-server.js';
import { createUsageDatabase, ORGANIZATION, ROLLUPS as rollups } from '../support.js';

const at = (text: string): Date => new Date(text);
const hoursOf = (bounds: readonly Date[]): number[] =>
  bounds.slice(1).map((bound, index) => (bound.getTime() - bounds[index]!.getTime()) / 3_600_000);

describe('buckets of a time zone', () => {
  test('are days of 23 and 25 hours where clocks change', () => {
    const march = {
      from: readTime('2026-03-28', 'Europe/Paris'),
      to: readTime('2026-03-31', 'Europe/Paris'),
    };
    expect(hoursOf(bucketBounds('day', 'Europe/Paris', march))).toEqual([24, 23, 24]);
    const november = { from: at('2026-10-31T12:00Z'), to: at('2026-11-02T12:00Z') };
    expect(hoursOf(bucketBounds('day', 'America/New_York', november))).toEqual([24, 25, 24]);
  });

  test('begin where clocks first show the day, also where they leap over midnight or show it twice', () => {
    const [beirut] = bucketBounds('day', 'Asia/Beirut', {
      from: at('2024-03-31T06:00Z'),
      to: at('2024-03-31T07:00Z'),
    });
    expect(beirut).toEqual(at('2024-03-30T22:00:00Z'));
    const havana = { from: at('2024-11-03T12:00Z'), to: at('2024-11-03T13:00Z') };
    expect(hoursOf(bucketBounds('day', 'America/Havana', havana))).toEqual([25]);
    expect(
      hoursOf(bucketBounds('day', 'Asia/Beirut', { from: beirut!, to: at('2024-03-31T07:00Z') })),
    ).toEqual([23]);
  });

  test('are hours of the clock where zones are half an hour off, and where clocks change by half an hour', () => {
    const span = { from: at('2026-03-01T00:10Z'), to: at('2026-03-01T01:10Z') };
    expect(bucketBounds('hour', 'Asia/Kolkata', span)[0]).toEqual(at('2026-02-28T23:30:00Z'));
    const change = { from: at('2026-04-04T12:00Z'), to: at('2026-04-04T18:00Z') };
    const bounds = bucketBounds('hour', 'Australia/Lord_Howe', change);
    expect(hoursOf(bounds).reduce((sum, hours) => sum + hours, 0)).toBeGreaterThanOrEqual(6);
    expect(Math.max(...hoursOf(bounds))).toBeLessThanOrEqual(1.5);
  });

  test('are weeks from Monday, and months', () => {
    const span = { from: at('2026-03-01T12:00Z'), to: at('2026-03-02T12:00Z') };
    expect(bucketBounds('week', 'UTC', span)).toEqual(['2026-02-23', '2026-03-02', '2026-03-09'].map(at));
    expect(hoursOf(bucketBounds('month', 'Europe/Paris', span))).toEqual([31 * 24 - 1]);
  });

  test('have as many before them, and a month has the month before', () => {
    const zone = 'Europe/Paris';
    const bounds = bucketBounds('day', zone, {
      from: readTime('2026-03-30', zone),
      to: readTime('2026-04-01', zone),
    });
    expect(hoursOf(boundsBefore('day', zone, bounds))).toEqual([24, 23]);
    const march = { from: readTime('2026-03-01', zone), to: readTime('2026-04-01', zone) };
    expect(spanBefore(march, zone)).toEqual({ from: readTime('2026-02-01', zone), to: march.from });
    const hours = { from: at('2026-03-01T05:00Z'), to: at('2026-03-01T08:00Z') };
    expect(spanBefore(hours, zone)).toEqual({ from: at('2026-03-01T02:00Z'), to: hours.from });
  });

  test('are refused for a zone that is none, and for a time that is none', () => {
    expect(() =>
      bucketBounds('day', 'Europe/Atlantis', { from: at('2026-03-01'), to: at('2026-03-02') }),
    ).toThrow(expect.objectContaining({ code: 'USAGE_OPTION_INVALID' }));
    const none = [
      'yesterday',
      '2026-02-29',
      '2026-11-31T10:00Z',
      '2026-11-21T24:00',
      '2026-11-21T06:30+25:00',
      '2026',
      '1',
    ];
    for (const text of none) {
      expect(() => readTime(text, 'UTC'), text).toThrow(
        expect.objectContaining({ code: 'USAGE_OPTION_INVALID' }),
      );
    }
    expect(readTime('2028-02-29T23:59:59.1239Z', 'Europe/Paris')).toEqual(at('2028-02-29T23:59:59.123Z'));
    expect(readTime('2026-03-01T00:00:00+05:30', 'UTC')).toEqual(at('2026-02-28T18:30:00Z'));
  });
});

describeOnEveryServer('days of a tenant', ({ url }) => {
  let db: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    db = await createUsageDatabase(['analytics'], await url());
    session = await db.database.connect();
    const span = { from: at('2026-03-27'), to: at('2026-04-01') };
    await ensureUsagePartitions(session, span);
    await session.run("insert into analytics.models (provider, name) values ('acme', 'large')");
    // An event at the tenth minute of every hour, so every bucket has as many as hours.
    await session.query(
      `insert into analytics.usage_events (organization_id, event_time, event_id, model_id, status, usage_known, operation, source)
       select $1, analytics.uuid_v7_time(id), id, 1, 200, true, 'chat', 'test'
         from generate_series($2::timestamptz, $3::timestamptz - interval '1 hour', interval '1 hour') as hour,
              lateral analytics.uuid_v7_at(hour + interval '10 minutes') as id`,
      [ORGANIZATION, span.from, span.to],
    );
    await refreshRollups(session, { rollups });
  });
  afterAll(async () => {
    await session.close();
    await db.drop();
  });

  const days = async (timeZone: string, from: string, to: string) => {
    const { points, source } = await usageTrend(session, {
      rollups,
      organizationId: ORGANIZATION,
      grain: 'day',
      timeZone,
      from: readTime(from, timeZone),
      to: readTime(to, timeZone),
    });
    return { source, requests: points.map(({ requests }) => Number(requests)) };
  };

  test('come from hours where the zone is whole hours off, 23 of them when summer time begins', async () => {
    expect(await days('Europe/Paris', '2026-03-28', '2026-03-31')).toEqual({
      requests: [24, 23, 24],
      source: { rollup: 'hour_organization', why: undefined, hasPercentiles: true, files: 0 },
    });
    expect((await days('UTC', '2026-03-28', '2026-03-31')).source.rollup).toBe('hour_organization');
  });

  test('come from events where the zone is half an hour off and no rollup has such buckets, and the answer says so', async () => {
    const { requests, source } = await days('Asia/Kolkata', '2026-03-28', '2026-03-31');
    expect(requests).toEqual([24, 24, 24]);
    expect(source.rollup).toBeUndefined();
    expect(source.why).toContain('buckets that begin and end');
  });

  test('stand beside the days before', async () => {
    const answer = await usageTrend(session, {
      rollups,
      grain: 'day',
      timeZone: 'Europe/Paris',
      from: readTime('2026-03-30', 'Europe/Paris'),
      to: readTime('2026-04-01', 'Europe/Paris'),
      compare: true,
    });
    // The last two hours of the 31st in UTC are the first of April in Paris.
    expect(answer.points.map(({ requests }) => Number(requests))).toEqual([24, 24]);
    expect(answer.before!.points.map(({ requests }) => Number(requests))).toEqual([24, 23]);
    expect(answer.before!.total.requests).toBe(47n);
    const groups = await usageGroups(session, {
      rollups,
      by: 'organization',
      from: at('2026-03-30'),
      to: at('2026-04-01'),
      compare: true,
    });
    expect(groups.groups).toMatchObject([{ share: 1, requests: 48n, before: { requests: 48n } }]);
    expect(groups.before!.range).toEqual({ from: at('2026-03-28'), to: at('2026-03-30') });
  });

  test('without a request have a point of nothing', async () => {
    const answer = await days('Europe/Paris', '2026-04-01', '2026-04-04');
    expect(answer.requests).toEqual([2, 0, 0].map((n, index) => (index === 0 ? n : 0)));
  });
});
