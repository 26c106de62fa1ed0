import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import { openUsageRecorder, recordUsageEvent, type UsageEvent } from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, ORGANIZATION, usageEvent } from './support.js';

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
  await session.run("select analytics.ensure_usage_event_partitions('2026-03-01', '2026-03-02')");
});
afterAll(async () => {
  await session.close();
  await db.drop();
});

function events(count: number, name: string, changes: Partial<UsageEvent> = {}): UsageEvent[] {
  return Array.from({ length: count }, (_, index) =>
    usageEvent({ foreignId: `${name} ${index}`, model: `model ${index % 7}`, ...changes }),
  );
}

async function storedCount(): Promise<number> {
  const [row] = await session.query<{ count: bigint }>('select count(*) from analytics.usage_events');
  return Number(row!.count);
}

describe('a recorder', () => {
  test('records what many calls give it with few statements, and answers each call', async () => {
    const before = await storedCount();
    const recorder = openUsageRecorder(db.database, { batchEvents: 400 });
    const recorded = await Promise.all(events(2000, 'many').map((event) => recorder.record(event)));
    await recorder.close();
    expect(recorded.every(({ isNew }) => isNew)).toBe(true);
    expect(new Set(recorded.map(({ eventId }) => eventId)).size).toBe(2000);
    expect(await storedCount()).toBe(before + 2000);
    const [row] = await session.query<{ transactions: bigint }>(
      'select count(distinct xmin::text) as transactions from analytics.usage_events',
    );
    expect(Number(row!.transactions)).toBeLessThanOrEqual(6);
  });

  test('knows events that are there, and one that comes twice in a batch', async () => {
    const event = usageEvent({ foreignId: 'once' });
    const recorder = openUsageRecorder(db.database);
    const first = await Promise.all([recorder.record(event), recorder.record(event)]);
    expect(first.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    expect((await recorder.record(event)).isNew).toBe(false);
    expect((await recordUsageEvent(session, event)).eventId).toBe(first[0]!.eventId);
    await recorder.close();
  });

  test('refuses numbers that are none instead of counting them as zero or as not known', async () => {
    const tokens = {
      inputUncached: 5,
      inputCacheRead: 0,
      inputCacheWrite: 0,
      outputText: 1,
      outputReasoning: 0,
    };
    const recorder = openUsageRecorder(db.database);
    const results = await Promise.allSettled(
      [
        usageEvent({ foreignId: 'right' }),
        usageEvent({ foreignId: 'nan', tokens: { ...tokens, outputText: Number.NaN } }),
        usageEvent({ foreignId: 'slow', latencyUs: Number.POSITIVE_INFINITY }),
        usageEvent({ foreignId: 'part', tokens, parts: { input_audio: Number.NaN } }),
      ].map((event) => recorder.record(event)),
    );
    await recorder.close();
    expect(
      results.map((one) => (one.status === 'rejected' ? one.reason.message.slice(30, 60) : one.status)),
    ).toEqual([
      'fulfilled',
      expect.stringContaining('outputText is NaN'),
      expect.stringContaining('latencyUs is Infinity'),
      expect.stringContaining('input_audio is NaN'),
    ]);
  });

  test('lets a bad event fail alone', async () => {
    const before = await storedCount();
    const recorder = openUsageRecorder(db.database);
    const results = await Promise.allSettled(
      [
        ...events(10, 'good'),
        usageEvent({ foreignId: 'bad status', status: 99 }),
        usageEvent({ foreignId: 'bad tenant', organizationId: 'seven' }),
        usageEvent({ foreignId: 'no day', eventTime: new Date('2030-01-01T00:00:00Z') }),
      ].map((event) => recorder.record(event)),
    );
    await recorder.close();
    expect(results.map(({ status }) => status)).toEqual([
      ...Array(10).fill('fulfilled'),
      ...Array(3).fill('rejected'),
    ]);
    expect(results.slice(10).map((result) => (result as PromiseRejectedResult).reason.code)).toEqual([
      'USAGE_EVENT_INVALID',
      'USAGE_EVENT_INVALID',
      'USAGE_PARTITION_MISSING',
    ]);
    expect(await storedCount()).toBe(before + 10);
  });

  test('refuses more than may wait, and everything after it is closed', async () => {
    const recorder = openUsageRecorder(db.database, { queueEvents: 5, waitMs: 50 });
    const results = await Promise.allSettled(events(8, 'queue').map((event) => recorder.record(event)));
    expect(results.filter(({ status }) => status === 'rejected').length).toBe(3);
    expect((results.at(-1) as PromiseRejectedResult).reason.code).toBe('USAGE_RECORDER_FULL');
    await recorder.close();
    await expect(recorder.record(usageEvent())).rejects.toMatchObject({ code: 'USAGE_RECORDER_CLOSED' });
  });

  test('goes on with a new connection when its own is ended, and loses nothing that it said it kept', async () => {
    const recorder = openUsageRecorder(db.database, { batchEvents: 20 });
    await recorder.record(usageEvent({ foreignId: 'before the cut' }));
    await session.run(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
    const settled = await Promise.allSettled(events(200, 'cut').map((event) => recorder.record(event)));
    const again = await Promise.all(events(200, 'cut').map((event) => recorder.record(event)));
    await recorder.close();
    const kept = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value.eventId] : []));
    const ids = new Set(again.map(({ eventId }) => eventId));
    expect(kept.every((eventId) => ids.has(eventId))).toBe(true);
    expect(kept.length).toBeGreaterThan(0);
    const [row] = await session.query<{ count: bigint }>(
      'select count(*) from analytics.usage_events where organization_id = $1 and event_id = any($2::uuid[])',
      [ORGANIZATION, [...ids]],
    );
    expect(row!.count).toBe(200n);
  });
});
