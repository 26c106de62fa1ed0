import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import { ensureUsagePartitions, readUsageEvent, recordUsageEvent } from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, ORGANIZATION, OTHER_ORGANIZATION, usageEvent } from './support.js';

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

const DAY = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };

describe('a usage event', () => {
  test('is refused while its day has no partition, and says so', async () => {
    await expect(recordUsageEvent(session, usageEvent())).rejects.toMatchObject({
      code: 'USAGE_PARTITION_MISSING',
      message: expect.stringContaining('2026-03-01'),
    });
  });

  test('is read back as it was recorded', async () => {
    expect(await ensureUsagePartitions(session, DAY)).toBe(1);
    expect(await ensureUsagePartitions(session, DAY)).toBe(0);
    const event = usageEvent({
      apiKeyId: '0190a002-0000-7000-8000-000000000001',
      userId: '0190a003-0000-7000-8000-000000000001',
      region: 'eu-west-1',
      errorType: 'timeout',
      ttftUs: 5,
      tokens: { inputUncached: 1, inputCacheRead: 2, inputCacheWrite: 3, outputText: 4, outputReasoning: 5 },
      cost: { nanos: 6n, source: 'provider' },
    });
    const { eventId, isNew } = await recordUsageEvent(session, event, { source: 'gateway-7' });
    expect(isNew).toBe(true);
    const stored = await readUsageEvent(session, { organizationId: ORGANIZATION, eventId });
    expect(stored).toMatchObject({ ...event, eventId, source: 'gateway-7', batchId: undefined });
    expect(await readUsageEvent(session, { organizationId: OTHER_ORGANIZATION, eventId })).toBeUndefined();
  });

  test('without known tokens comes back without them', async () => {
    const { eventId } = await recordUsageEvent(session, usageEvent({ tokens: undefined }));
    expect(
      (await readUsageEvent(session, { organizationId: ORGANIZATION, eventId }))!.tokens,
    ).toBeUndefined();
  });

  test('is there once when it is recorded again', async () => {
    const event = usageEvent({ eventId: '019ca938-0800-7000-8000-000000000001' });
    const withTime = { ...event, eventTime: new Date(0x019ca9380800) };
    await ensureUsagePartitions(session, {
      from: withTime.eventTime,
      to: new Date(withTime.eventTime.getTime() + 1),
    });
    expect(await recordUsageEvent(session, withTime)).toMatchObject({ isNew: true });
    expect(await recordUsageEvent(session, { ...withTime, status: 500 })).toMatchObject({ isNew: false });
    const stored = await readUsageEvent(session, { organizationId: ORGANIZATION, eventId: event.eventId! });
    expect(stored!.status).toBe(200);
  });

  test('keeps what its tokens were made of', async () => {
    const parts = { input_audio: 3, web_search: 1 };
    const { eventId } = await recordUsageEvent(session, usageEvent({ parts }));
    expect(await readUsageEvent(session, { organizationId: ORGANIZATION, eventId })).toMatchObject({ parts });
  });

  test('is refused when its id holds another time, or a value breaks a rule of the table', async () => {
    const wrong = [
      usageEvent({ eventId: '019ca938-0800-7000-8000-000000000001' }),
      usageEvent({ eventId: '0190a000-0000-4000-8000-000000000001' }),
      usageEvent({ eventTime: new Date(Number.NaN) }),
      usageEvent({ status: 99 }),
      usageEvent({ model: '' }),
      usageEvent({ organizationId: 'seven' }),
      usageEvent({ ttftUs: 2_000_000 }),
      usageEvent({
        tokens: {
          inputUncached: -1,
          inputCacheRead: 0,
          inputCacheWrite: 0,
          outputText: 0,
          outputReasoning: 0,
        },
      }),
    ];
    for (const event of wrong) {
      await expect(recordUsageEvent(session, event)).rejects.toMatchObject({ code: 'USAGE_EVENT_INVALID' });
    }
  });

  test('that is not there is undefined, whatever is asked for', async () => {
    for (const eventId of [
      '019ca938-0800-7000-8000-00000000000f',
      'seven',
      '0190a000-0000-4000-8000-000000000001',
    ]) {
      expect(await readUsageEvent(session, { organizationId: ORGANIZATION, eventId })).toBeUndefined();
    }
  });
});
