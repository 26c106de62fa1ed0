import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../src/database/index.js';
import { folderStore } from '../../../src/storage/index.js';
import {
  folderFiles,
  openUsageRecorder,
  reconcileUsage,
  recordUsageEvent,
  refreshRollups,
  repairUsage,
  repriceUsage,
  rollUpUsage,
  sealUsageDay,
  usageEvents,
  usageSegments,
  usageTrend,
} from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import {
  createUsageDatabase,
  OTHER_ORGANIZATION,
  ORGANIZATION as organizationId,
  ROLLUPS as rollups,
  usageEvent,
} from '../support.js';

// Two engines in each test: slow where the machine is busy.
vi.setConfig({ testTimeout: 300_000 });

const DAY = '2026-03-01';
const SPAN = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-03T00:00:00Z') };
const HOUR = new Date('2026-03-01T05:00:00Z');

let db: TestDatabase;
let session: Session;
let folder: string;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
  folder = mkdtempSync(join(tmpdir(), 'plinth-test-history-'));
});
afterAll(async () => {
  await session.close();
  await db.drop();
  rmSync(folder, { recursive: true });
});

const files = () => folderFiles(join(folder, 'store'));
const options = () => ({ rollups, history: files() });
const seal = () =>
  sealUsageDay(session, DAY, { store: folderStore(join(folder, 'store')), workFolder: folder });

function event(index: number) {
  return usageEvent({
    foreignId: `request ${index}`,
    organizationId: index % 3 === 0 ? OTHER_ORGANIZATION : organizationId,
    eventTime: new Date(Date.UTC(2026, 2, 1 + (index % 2), index % 24, (index * 7) % 60)),
    model: `model ${index % 3}`,
    ...(index % 5 === 0 ? {} : { apiKeyId: `0190a002-0000-7000-8000-00000000000${index % 4}` }),
    ...(index % 2 === 0 ? { userId: `0190a003-0000-7000-8000-00000000000${index % 7}` } : {}),
    ...(index % 4 === 0 ? { tokens: undefined, errorType: "it's", status: 504 } : {}),
    ...(index % 5 === 0 ? {} : { cost: { nanos: BigInt(index) * 1_000n, source: 'provider' as const } }),
  });
}

const add = async (index: number) => recordUsageEvent(session, event(index));

/** Every row of every rollup. */
async function rows(): Promise<unknown> {
  const all: Record<string, unknown> = {};
  for (const { name } of rollups) {
    all[name] = await session.query(
      `select to_jsonb(r) - 'refreshed_at' as row from analytics.usage_rollups_${name} as r order by (to_jsonb(r) - 'refreshed_at')::text`,
    );
  }
  return all;
}

const trend = async (grain: 'hour' | 'day' | 'month' = 'hour') => {
  const { points, total } = await usageTrend(session, { ...options(), ...SPAN, grain, organizationId });
  return { points, total };
};

describe('a day in the history', () => {
  let before: unknown;
  beforeAll(async () => {
    await session.run("select analytics.ensure_usage_event_partitions('2026-03-01', '2026-03-03')");
    for (let index = 0; index < 60; index += 1) {
      await add(index);
    }
    await refreshRollups(session, options());
    before = await rows();
    await seal();
  });

  test('is rolled up again from its file, to the same rows, bit for bit', async () => {
    await session.run('delete from analytics.usage_rollups_hour_organization');
    const refresh = await rollUpUsage(session, { ...options(), ...SPAN });
    expect(refresh).toMatchObject({ withoutSource: 0, left: 0 });
    expect(await rows()).toEqual(before);
  });

  test('is compared bucket by bucket with its file', async () => {
    const found = await reconcileUsage(session, options());
    expect(found.isExact).toBe(true);
    expect(found.history).toEqual({ days: 1, events: 30n, mismatches: [] });
    const hours = found.rollups.find(({ rollup }) => rollup === 'hour_organization')!;
    expect(hours).toMatchObject({ buckets: 24, fromHistory: 12, withoutSource: 0, pending: 0 });
    expect(hours.totals.requests).toEqual({ source: 60n, rollup: 60n });
    const without = await reconcileUsage(session, { rollups });
    expect(without.rollups.find(({ rollup }) => rollup === 'hour_organization')).toMatchObject({
      buckets: 12,
      withoutSource: 12,
    });
  });

  test('has a difference told by row and measure, and is repaired from its file', async () => {
    await session.query(
      'update analytics.usage_rollups_hour_organization set cost_nanos = cost_nanos + 1 where bucket_start = $1',
      [new Date('2026-03-01T04:00:00Z')],
    );
    await session.run(
      `insert into analytics.usage_rollups_day_organization_key_model
         select (r).* from (
           select jsonb_populate_record(r, jsonb_build_object('model_id', 7)) as r
           from analytics.usage_rollups_day_organization_key_model as r where bucket_start = '${DAY} 00:00+00' limit 1
         ) as other`,
    );
    const found = await reconcileUsage(session, options());
    const mismatches = Object.fromEntries(found.rollups.map((one) => [one.rollup, one.mismatches]));
    expect(found.isExact).toBe(false);
    expect(mismatches).toMatchObject({
      hour_organization: [new Date('2026-03-01T04:00:00Z')],
      hour_model_status: [],
      day_organization_key_model: [new Date(`${DAY}T00:00:00Z`)],
    });
    const [cost] = found.differences.filter(({ rollup }) => rollup === 'hour_organization');
    expect(cost).toMatchObject({ measure: 'cost_nanos' });
    expect(BigInt(cost!.rollupValue!) - BigInt(cost!.source!)).toBe(1n);
    const keys = found.differences.filter(({ rollup }) => rollup === 'day_organization_key_model');
    expect(keys.every(({ source, dimensions }) => source === undefined && dimensions.model_id === 7)).toBe(
      true,
    );
    const repaired = await repairUsage(session, options());
    expect(repaired).toMatchObject({ isExact: true, before: { isExact: false } });
    expect(await rows()).toEqual(before);
  });

  test('whose rows are gone altogether is a difference, too', async () => {
    await session.run(
      `delete from analytics.usage_rollups_hour_model_status where bucket_start < '2026-03-02 00:00+00'`,
    );
    const found = await reconcileUsage(session, options());
    expect(found.rollups.find(({ rollup }) => rollup === 'hour_model_status')!.mismatches.length).toBe(12);
    await repairUsage(session, options());
    expect(await rows()).toEqual(before);
  });

  test('is not priced again, with the days named', async () => {
    const repricing = { ...SPAN, prices: [], reason: 'test' };
    await expect(repriceUsage(session, repricing)).rejects.toMatchObject({
      code: 'USAGE_DAY_SEALED',
      details: { days: [DAY] },
    });
    await repriceUsage(session, { ...repricing, from: new Date('2026-03-02T00:00:00Z') });
  });

  test.each([
    [
      'changed',
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 100), Buffer.from('x'), bytes.subarray(101)]),
    ],
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -10)],
    ['gone', () => undefined],
  ])('whose file is %s is told, and its buckets are not compared', async (_, damage) => {
    const [segment] = await usageSegments(session);
    const path = join(folder, 'store', segment!.objectKey);
    const bytes = readFileSync(path);
    const damaged = damage(bytes);
    damaged ? writeFileSync(path, damaged) : rmSync(path);
    const found = await reconcileUsage(session, options());
    expect(found.isExact).toBe(false);
    expect(found.history!.mismatches).toMatchObject([{ day: DAY, objectKey: segment!.objectKey }]);
    expect(found.rollups.find(({ rollup }) => rollup === 'hour_organization')).toMatchObject({
      buckets: 12,
      withoutSource: 12,
      mismatches: [],
    });
    writeFileSync(path, bytes);
    expect((await reconcileUsage(session, options())).isExact).toBe(true);
  });
});

test('a file that is gone holds up its own hours and no others, and is told at the end', async () => {
  const [segment] = await usageSegments(session);
  const path = join(folder, 'store', segment!.objectKey);
  const bytes = readFileSync(path);
  rmSync(path);
  await session.run('delete from analytics.usage_rollups_hour_organization');
  await expect(rollUpUsage(session, { ...options(), ...SPAN })).rejects.toMatchObject({
    code: 'USAGE_SEGMENT_DIFFERS',
  });
  const hours = await session.query<{ day: string }>(
    "select distinct date_trunc('day', bucket_start, 'UTC')::date::text as day from analytics.usage_rollups_hour_organization",
  );
  expect(hours).toEqual([{ day: '2026-03-02' }]);
  writeFileSync(path, bytes);
  await refreshRollups(session, options());
  expect((await reconcileUsage(session, options())).isExact).toBe(true);
});

describe('a late event of a day in the history', () => {
  beforeEach(async () => {
    expect((await reconcileUsage(session, options())).isExact).toBe(true);
  });

  test('is recorded without a partition, and in every answer at once, also before it is rolled up', async () => {
    const requests = (await trend()).total.requests;
    const months = (await trend('month')).total.requests;
    const late = usageEvent({ foreignId: 'late', organizationId, eventTime: HOUR });
    expect(await recordUsageEvent(session, late)).toMatchObject({ isNew: true });
    for (const grain of ['hour', 'day', 'month'] as const) {
      expect((await trend(grain)).total.requests, grain).toBe(requests + 1n);
    }
    expect(months).toBe(requests);
    expect((await reconcileUsage(session, options())).isExact).toBe(true);
    await expect(
      usageTrend(session, { rollups, ...SPAN, grain: 'hour', organizationId }),
    ).rejects.toMatchObject({ code: 'USAGE_HISTORY_UNREACHABLE' });
    const waiting = await refreshRollups(session, { rollups });
    expect(waiting).toMatchObject({ withoutSource: 1, left: 0 });
    await refreshRollups(session, options());
    const kept = await session.query(
      'select sum(requests)::text as n from analytics.usage_rollups_month_organization where organization_id = $1',
      [organizationId],
    );
    expect(kept).toEqual([{ n: String(requests + 1n) }]);
    expect((await trend()).total.requests).toBe(requests + 1n);
  });

  test('that is in the file already changes nothing, neither before nor after the next sealing', async () => {
    const answer = await trend();
    const all = await rows();
    for (const index of [2, 8, 14]) {
      await recordUsageEvent(session, { ...event(index), status: 418, model: 'another' });
    }
    expect(await trend()).toEqual(answer);
    await refreshRollups(session, options());
    expect(await rows()).toEqual(all);
    const [segment] = await usageSegments(session);
    expect(await seal()).toMatchObject({ outcome: 'sealed', events: segment!.events + 1 });
    const [merged] = await usageSegments(session);
    await recordUsageEvent(session, event(2));
    await refreshRollups(session, options());
    expect(await seal()).toMatchObject({ outcome: 'sealed', events: merged!.events });
    expect(await usageSegments(session)).toEqual([merged]);
    expect(await trend()).toEqual(answer);
    expect(await rows()).toEqual(all);
  });

  test('comes through a recorder among others', async () => {
    const recorder = openUsageRecorder(db.database);
    const requests = (await trend()).total.requests;
    const given = ['2026-03-01T07:00:00Z', '2026-03-02T07:00:00Z', '2026-03-01T08:00:00Z'].map((time) =>
      recorder.record(usageEvent({ foreignId: `by ${time}`, eventTime: new Date(time) })),
    );
    expect((await Promise.all(given)).every(({ isNew }) => isNew)).toBe(true);
    for (const year of [2025, 2031]) {
      const nowhere = recorder.record(usageEvent({ eventTime: new Date(Date.UTC(year, 0)) }));
      await expect(nowhere).rejects.toMatchObject({ code: 'USAGE_PARTITION_MISSING' });
    }
    await recorder.close();
    expect((await trend()).total.requests).toBe(requests + 3n);
    await refreshRollups(session, options());
    await seal();
    expect((await trend()).total.requests).toBe(requests + 3n);
  });

  test('of a model that is not known is kept, too', async () => {
    await session.run(`select analytics.reopen_usage_day('${DAY} 09:00+00')`);
    await session.query(
      `insert into analytics.usage_events (organization_id, event_time, event_id, model_id, status, usage_known, operation, source)
       select $1, t, analytics.uuid_v7_at(t), 9999, 200, true, 'chat', 'test' from (values (timestamptz '${DAY} 09:00+00')) as v (t)`,
      [organizationId],
    );
    const hot = await usageEvents(session, { ...options(), ...SPAN, organizationId });
    expect(hot.filter(({ model }) => model === 'unknown').length).toBe(1);
    await refreshRollups(session, options());
    await seal();
    expect(await usageEvents(session, { ...options(), ...SPAN, organizationId })).toEqual(hot);
  });
});
