/** Zones that are not whole hours off UTC: from events, and from a rollup by quarters of an hour where one is declared. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/core/index.js';
import type { Session } from '../../../src/database/index.js';
import {
  ensureUsagePartitions,
  parseRollups,
  type QuestionGrain,
  readTime,
  refreshRollups,
  tableSql,
  usageTrend,
} from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import { createUsageDatabase, ORGANIZATION, ROLLUPS } from '../support.js';
import { comparable, plainSums, withoutPercentile } from './oracle.js';

const hours = readFileSync(join(PACKAGE_ROOT, 'analytics/rollups/hour_organization.yml'), 'utf8');
const [quarters] = parseRollups([
  { file: 'quarter_hour_organization.yml', text: hours.replace('grain: hour', 'grain: quarter-hour') },
]);
const rollups = [quarters!, ...ROLLUPS];

/** Around the ends of summer time on Lord Howe Island, where clocks change by half an hour. */
const SPANS = [
  ['2026-04-03', '2026-04-07'],
  ['2026-10-02', '2026-10-06'],
] as const;

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
  await session.run(tableSql(quarters!));
  await session.run("insert into analytics.models (provider, name) values ('acme', 'large')");
  for (const [from, to] of SPANS) {
    const range = {
      from: new Date(Date.parse(from) - 86_400_000),
      to: new Date(Date.parse(to) + 86_400_000),
    };
    await ensureUsagePartitions(session, range);
    // At borders of quarters, a millisecond before them, and between; each another cost, so that no two sums are equal.
    await session.query(
      `insert into analytics.usage_events
         (organization_id, event_time, event_id, model_id, status, usage_known, operation, source, cost_nanos, cost_source, latency_us)
       select $1, analytics.uuid_v7_time(id), id, 1, case when n % 7 = 0 then 500 else 200 end, true, 'chat', 'test',
              n * n, 'provider', n
         from generate_series($2::timestamptz, $3::timestamptz - interval '1 second', interval '15 minutes')
              with ordinality as quarter (start, n),
              unnest(array['0', '-1', '400000']) as shift,
              lateral analytics.uuid_v7_at(start + shift::integer * interval '1 millisecond') as id
        where start + shift::integer * interval '1 millisecond' >= $2::timestamptz`,
      [ORGANIZATION, range.from, range.to],
    );
  }
  await refreshRollups(session, { rollups });
});
afterAll(async () => {
  await session.close();
  await db.drop();
});

async function ask(
  timeZone: string,
  grain: QuestionGrain,
  [from, to]: readonly [string, string],
  declared: typeof ROLLUPS,
) {
  return usageTrend(session, {
    rollups: declared,
    organizationId: ORGANIZATION,
    grain,
    timeZone,
    from: readTime(from, timeZone),
    to: readTime(to, timeZone),
  });
}

const cases = [
  ['Asia/Kolkata', 'day', SPANS[0]],
  ['Asia/Kolkata', 'hour', SPANS[0]],
  ['Asia/Kathmandu', 'day', SPANS[0]],
  ['Asia/Kathmandu', 'hour', SPANS[0]],
  ['Australia/Lord_Howe', 'day', SPANS[0]],
  ['Australia/Lord_Howe', 'day', SPANS[1]],
] as const;

describe.each(cases)('%s by %s from %j', (timeZone, grain, span) => {
  test('is what PostgreSQL counts by that zone, from events and from quarters of an hour alike', async () => {
    const expected = await plainSums(
      session,
      `extract(epoch from date_trunc('${grain}', e.event_time, '${timeZone}'))::bigint`,
    );
    const fromEvents = await ask(timeZone, grain, span, ROLLUPS);
    expect(fromEvents.source).toMatchObject({ rollup: undefined, why: expect.stringContaining('buckets') });
    const fromQuarters = await ask(timeZone, grain, span, rollups);
    expect(fromQuarters.source).toMatchObject({ rollup: 'quarter_hour_organization', why: undefined });
    expect(fromQuarters.points).toEqual(fromEvents.points);
    expect(fromEvents.points.length).toBe(grain === 'day' ? 4 : 96);
    for (const point of fromEvents.points) {
      const sums = expected.get(String(point.bucketStart.getTime() / 1000))!;
      expect(comparable(point)).toEqual(withoutPercentile(sums));
    }
  });
});

test('a day on Lord Howe Island has half an hour more when summer time ends, and half an hour less when it begins', async () => {
  const lengths = async (span: readonly [string, string]) =>
    (await ask('Australia/Lord_Howe', 'day', span, rollups)).points.map(
      ({ bucketStart, bucketEnd }) => (bucketEnd.getTime() - bucketStart.getTime()) / 3_600_000,
    );
  expect(await lengths(SPANS[0])).toEqual([24, 24, 24.5, 24]);
  expect(await lengths(SPANS[1])).toEqual([24, 24, 23.5, 24]);
});
