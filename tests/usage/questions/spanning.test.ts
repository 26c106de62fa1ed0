import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../../src/database/index.js';
import { folderStore } from '../../../src/storage/index.js';
import {
  type HistoryFiles,
  readUsageEvent,
  recordUsageEvent,
  refreshRollups,
  type SealStep,
  sealUsageDay,
  usageEvents,
  usageGroups,
  usageTrend,
} from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import { describeOnEveryServer } from '../../support/every-server.js';
import {
  createUsageDatabase,
  OTHER_ORGANIZATION,
  ORGANIZATION as organizationId,
  ROLLUPS as rollups,
  usageEvent,
} from '../support.js';

const DAYS = ['2026-03-01', '2026-03-02', '2026-03-03'];
const SPAN = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-04T00:00:00Z') };
const USER = '0190a003-0000-7000-8000-000000000001';

describeOnEveryServer('a question about days in the database and in the history', ({ url }) => {
  let db: TestDatabase;
  let session: Session;
  let folder: string;
  let history: HistoryFiles;
  let before: Awaited<ReturnType<typeof answers>>;
  beforeAll(async () => {
    db = await createUsageDatabase(['analytics'], await url());
    session = await db.database.connect();
    folder = mkdtempSync(join(tmpdir(), 'plinth-test-spanning-'));
    history = { pathOf: async ({ objectKey }) => join(folder, 'store', objectKey) };
    await session.run("select analytics.ensure_usage_event_partitions('2026-03-01', '2026-03-04')");
    for (let index = 0; index < 90; index += 1) {
      await addEvent(index);
    }
    await refreshRollups(session, { rollups });
    before = await answers();
  });
  afterAll(async () => {
    await session.close();
    await db.drop();
    rmSync(folder, { recursive: true });
  });

  async function addEvent(index: number): Promise<void> {
    await recordUsageEvent(
      session,
      usageEvent({
        foreignId: `request ${index}`,
        organizationId: index % 3 === 0 ? OTHER_ORGANIZATION : organizationId,
        eventTime: new Date(Date.UTC(2026, 2, 1 + (index % 3), index % 24, (index * 7) % 60)),
        model: `model, "${index % 5}"`,
        operation: index % 2 === 0 ? 'chat' : 'embeddings',
        ...(index % 2 === 0 ? { userId: USER } : {}),
        ...(index % 4 === 0 ? { tokens: undefined, errorType: 'timeout', status: 504 } : {}),
        ...(index % 7 === 0 ? { parts: { input_audio: 3 } } : {}),
        ...(index % 5 === 0 ? {} : { cost: { nanos: BigInt(index) * 1_000n, source: 'provider' as const } }),
      }),
    );
  }

  async function answers(files: HistoryFiles | undefined = history) {
    const ask = { rollups, organizationId, ...SPAN, ...(files ? { history: files } : {}) };
    const { source: _minutes, ...minutes } = await usageTrend(session, { ...ask, grain: 'minute' });
    const { source: _days, ...days } = await usageTrend(session, {
      ...ask,
      grain: 'day',
      timeZone: 'Asia/Kolkata',
    });
    const { source: _user, ...user } = await usageTrend(session, { ...ask, grain: 'hour', userId: USER });
    const { source: _operations, ...operations } = await usageGroups(session, { ...ask, by: 'operation' });
    const { source: _all, ...all } = await usageGroups(session, {
      rollups,
      ...SPAN,
      by: 'user',
      ...(files ? { history: files } : {}),
    });
    const events = await usageEvents(session, ask);
    const one = await readUsageEvent(session, { ...ask, eventId: events[7]!.eventId });
    expect(one).toEqual(events[7]);
    return { minutes, days, user, operations, all, events };
  }

  const seal = (day: string, onStep?: (step: SealStep) => void) =>
    sealUsageDay(session, day, {
      store: folderStore(join(folder, 'store')),
      workFolder: folder,
      ...(onStep ? { onStep } : {}),
    });

  test('has the same answer before, while and after a day moves', async () => {
    expect(before.events.length).toBe(60);
    expect(before.operations.groups.map(({ requests }) => requests)).toEqual([30n, 30n]);
    for (const cut of ['detach', 'drop'] as const) {
      await expect(
        seal(DAYS[0]!, (step) => {
          if (step === cut) {
            throw new Error('cut');
          }
        }),
      ).rejects.toThrow('cut');
      expect(await answers(), cut).toEqual(before);
    }
    for (const [index, day] of DAYS.entries()) {
      await seal(day);
      expect(await answers(), day).toEqual(before);
      const { source } = await usageTrend(session, {
        rollups,
        organizationId,
        ...SPAN,
        grain: 'minute',
        history,
      });
      expect(source.files).toBe(index + 1);
    }
  });

  test('counts an event once that comes again after its day has moved, and a new one too', async () => {
    await session.run("select analytics.ensure_usage_event_partitions('2026-03-02', '2026-03-03')");
    for (const index of [1, 4, 7]) {
      await addEvent(index);
    }
    const { length } = await session.query('select from analytics.usage_events');
    expect(length).toBe(3);
    const repeated = await answers();
    expect(repeated.minutes).toEqual(before.minutes);
    expect(repeated.events.map(({ eventId }) => eventId)).toEqual(
      before.events.map(({ eventId }) => eventId),
    );
    await addEvent(100);
    expect((await answers()).minutes.total.requests).toBe(before.minutes.total.requests + 1n);
    await session.run('delete from analytics.usage_events');
    await refreshRollups(session, { rollups, history });
  });

  test('reads the newest events first, as many as were asked for, and no file without need', async () => {
    const read = new Set<string>();
    const counted: HistoryFiles = {
      pathOf: (segment) => {
        read.add(segment.day);
        return history.pathOf(segment);
      },
    };
    for (const [limit, days] of [
      [1, 1],
      [7, 1],
      [20, 1],
      [31, 3],
      [61, 3],
    ] as const) {
      read.clear();
      const events = await usageEvents(session, { organizationId, ...SPAN, history: counted, limit });
      expect(events).toEqual(before.events.slice(0, limit));
      expect([...read].sort(), String(limit)).toEqual(DAYS.slice(-days));
    }
    const times = before.events.map(({ eventTime }) => eventTime.getTime());
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  test('is refused when nobody says where the history is, and needs none where rollups answer', async () => {
    const ask = { rollups, organizationId, ...SPAN };
    await expect(usageTrend(session, { ...ask, grain: 'minute' })).rejects.toMatchObject({
      code: 'USAGE_HISTORY_UNREACHABLE',
    });
    const { eventId } = before.events[0]!;
    await expect(readUsageEvent(session, { organizationId, eventId })).rejects.toMatchObject({
      code: 'USAGE_HISTORY_UNREACHABLE',
    });
    const { total } = await usageTrend(session, { ...ask, grain: 'day' });
    expect(total.requests).toBe(60n);
  });
});
