import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Session } from '../../../src/database/index.js';
import { markedBuckets, markUsage } from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import { describeOnEveryServer } from '../../support/every-server.js';
import { createUsageDatabase, EMPTY_USAGE } from '../support.js';
import type { EventRow } from './by-hand.js';
import { anyEventRow, insertEvents, prepareDays } from './event-rows.js';

/** One event in each of three hours on either side of a year's end: 22:58, 23:58, 00:58. */
const [first, second, third] = fc.sample(anyEventRow, { seed: 3, numRuns: 3 }).map((row, index) => {
  const event_time = new Date(Date.UTC(2025, 11, 31, 22 + index, 58));
  const time = event_time.getTime().toString(16).padStart(12, '0');
  return {
    ...row,
    event_time,
    event_id: `${time.slice(0, 8)}-${time.slice(8)}-${String(row.event_id).slice(14)}`,
  } as EventRow;
}) as [EventRow, EventRow, EventRow];

describeOnEveryServer('the hours of events are marked', (server) => {
  let db: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    db = await createUsageDatabase(['analytics'], await server.url());
    session = await db.database.connect();
    await prepareDays(session);
  });
  afterAll(async () => {
    await session.close();
    await db.drop();
  });
  beforeEach(async () => {
    await session.run(EMPTY_USAGE);
    await insertEvents(session, [first, second]);
    await session.run('truncate analytics.rollup_marks');
  });

  const hours = async (): Promise<string[]> =>
    (await markedBuckets(session)).map(({ subject, bucketStart }) => {
      expect(subject).toBe('usage_events');
      return bucketStart.toISOString().slice(0, 13);
    });

  test('when some come in, and not when they were there already', async () => {
    await insertEvents(session, [first, second]);
    expect(await hours()).toEqual([]);
    await insertEvents(session, [second, third]);
    expect(await hours()).toEqual(['2026-01-01T00']);
  });

  test('when some are corrected, at both times when one moves', async () => {
    await session.query('update analytics.usage_events set status = 500 where event_id = $1', [
      first.event_id,
    ]);
    expect(await hours()).toEqual(['2025-12-31T22']);
    await session.query(
      'update analytics.usage_events set event_id = $2, event_time = analytics.uuid_v7_time($2) where event_id = $1',
      [second.event_id, third.event_id],
    );
    expect(await hours()).toEqual(['2026-01-01T00', '2025-12-31T23', '2025-12-31T22']);
  });

  test('when some are deleted, by hours and once a statement', async () => {
    await session.run('delete from analytics.usage_events');
    expect(await hours()).toEqual(['2025-12-31T23', '2025-12-31T22']);
    expect((await markedBuckets(session)).map(({ marks }) => marks)).toEqual([1, 1]);
  });

  test('when a partition is written to directly', async () => {
    await insertEvents(session, [third], 'analytics.usage_events_20260101');
    await session.run(
      "update analytics.usage_events_20251231 set status = 404 where event_time < '2025-12-31 23:00+00'",
    );
    expect(await hours()).toEqual(['2026-01-01T00', '2025-12-31T22']);
    await session.run('truncate analytics.rollup_marks; delete from analytics.usage_events_20251231');
    expect(await hours()).toEqual(['2025-12-31T23', '2025-12-31T22']);
  });

  test('by COPY', async () => {
    await session.run(
      'create temp table kept as select * from analytics.usage_events; delete from analytics.usage_events',
    );
    await session.run('truncate analytics.rollup_marks');
    const chunks: Uint8Array[] = [];
    for await (const chunk of session.copyOut('copy kept to stdout')) {
      chunks.push(chunk as Uint8Array);
    }
    await session.copyIn('copy analytics.usage_events from stdin', chunks);
    expect(await hours()).toEqual(['2025-12-31T23', '2025-12-31T22']);
    await session.run('drop table kept');
  });

  test('all of a partition when it is truncated, and all of them with their table', async () => {
    await session.run('truncate analytics.usage_events_20251231');
    expect(await hours()).toHaveLength(24);
    await session.run('truncate analytics.usage_events');
    expect(await hours()).toHaveLength(48);
  });

  test('not when the transaction is rolled back', async () => {
    await session.run('begin');
    await insertEvents(session, [third]);
    await session.run('rollback');
    expect(await hours()).toEqual([]);
  });

  test('by whoever may insert events and no more', async () => {
    const role = `writer_${db.name}`;
    await session.run(`create role ${role}; grant usage on schema analytics to ${role};
                       grant insert on analytics.usage_events to ${role}; set role ${role}`);
    try {
      await session.query(
        `insert into analytics.usage_events (organization_id, event_time, event_id, model_id, status, usage_known, operation, source)
         values ($1, $2, $3, 1, 200, false, 'chat', 'service')`,
        [third.organization_id, third.event_time, third.event_id],
      );
      await expect(session.run('delete from analytics.rollup_marks')).rejects.toThrow(/permission denied/);
    } finally {
      await session.run(`reset role; drop owned by ${role}; drop role ${role}`);
    }
    expect(await hours()).toEqual(['2026-01-01T00']);
  });

  test('by hand, all that a span touches', async () => {
    expect(
      await markUsage(session, { from: new Date('2026-01-01T00:59Z'), to: new Date('2026-01-01T02:00:01Z') }),
    ).toBe(3);
    expect(await hours()).toEqual(['2026-01-01T02', '2026-01-01T01', '2026-01-01T00']);
    await expect(
      markUsage(session, { from: new Date('2026-01-02'), to: new Date('2026-01-01') }),
    ).rejects.toMatchObject({ code: 'USAGE_RANGE_INVALID' });
  });
});
