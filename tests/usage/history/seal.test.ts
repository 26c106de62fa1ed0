import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openDuckDb, type Session, withSession } from '../../../src/database/index.js';
import { folderStore } from '../../../src/storage/index.js';
import { type SealStep, sealUsageDay } from '../../../src/usage/history/seal-day.js';
import { usageSegments } from '../../../src/usage/history/segments.js';
import { recordUsageEvent } from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import { describeOnEveryServer } from '../../support/every-server.js';
import { createUsageDatabase, ORGANIZATION, OTHER_ORGANIZATION, usageEvent } from '../support.js';

// Two engines in each test: slow where the machine is busy.
vi.setConfig({ testTimeout: 300_000 });

const DAY = '2026-03-01';
const STEPS: readonly SealStep[] = ['export', 'store', 'verify', 'record', 'detach', 'drop'];

describeOnEveryServer('a day that moves to the history', ({ url }) => {
  let db: TestDatabase;
  let session: Session;
  let folder: string;
  beforeAll(async () => {
    db = await createUsageDatabase(['analytics'], await url());
    session = await db.database.connect();
    folder = mkdtempSync(join(tmpdir(), 'plinth-test-history-'));
  });
  afterAll(async () => {
    await session.close();
    await db.drop();
    rmSync(folder, { recursive: true });
  });

  const seal = (onStep?: (step: SealStep) => void | Promise<void>, waitMs = 10_000) =>
    sealUsageDay(session, DAY, {
      waitMs,
      store: folderStore(join(folder, 'store')),
      workFolder: folder,
      ...(onStep ? { onStep } : {}),
    });

  async function addEvents(first: number, count: number): Promise<void> {
    await session.run(`select analytics.ensure_usage_event_partitions('${DAY}', '2026-03-02')`);
    for (let index = first; index < first + count; index += 1) {
      await recordUsageEvent(
        session,
        usageEvent({
          foreignId: `request ${index}`,
          organizationId: index % 3 === 0 ? OTHER_ORGANIZATION : ORGANIZATION,
          eventTime: new Date(Date.UTC(2026, 2, 1, 0, index % 1440)),
          model: `model, "${index % 5}"`,
          ...(index % 4 === 0 ? { tokens: undefined, errorType: "it's | broken, ~\\ ü" } : {}),
          ...(index % 7 === 0 ? { parts: { input_audio: 3 } } : {}),
        }),
      );
    }
    await session.run('delete from analytics.rollup_marks');
  }

  /** The events in the files that count and in the database, by id. */
  async function everywhere(): Promise<string[]> {
    const hot = await session.query<{ event_id: string }>('select event_id from analytics.usage_events');
    const duckdb = await openDuckDb();
    const cold: { event_id: string }[] = [];
    for (const { objectKey } of await usageSegments(session)) {
      cold.push(
        ...(await duckdb.query<{ event_id: string }>(
          `select event_id::varchar as event_id from read_parquet('${join(folder, 'store', objectKey)}')`,
        )),
      );
    }
    duckdb.close();
    return [...hot, ...cold].map(({ event_id }) => event_id).sort();
  }

  test('waits until its changes are in the rollups', async () => {
    await addEvents(0, 50);
    await session.run(`select analytics.mark_usage_hours('${DAY}', '2026-03-01 01:00:00+00')`);
    await expect(seal()).rejects.toMatchObject({ code: 'USAGE_DAY_NOT_READY' });
    await session.run('delete from analytics.rollup_marks');
  });

  test('leaves every event in one place or in both, wherever it is cut off, and then goes on', async () => {
    const before = await everywhere();
    expect(before.length).toBe(50);
    for (const cut of STEPS) {
      await expect(
        seal((step) => {
          if (step === cut) {
            throw new Error('cut');
          }
        }),
      ).rejects.toThrow('cut');
      expect([...new Set(await everywhere())], cut).toEqual(before);
    }
    expect(await seal()).toMatchObject({ outcome: 'sealed' });
    expect(await everywhere()).toEqual(before);
    expect(await session.query("select to_regclass('analytics.usage_events_20260301') as partition")).toEqual(
      [{ partition: null }],
    );
    expect(readdirSync(folder)).toEqual(['store']);
    expect(await seal()).toMatchObject({ outcome: 'absent' });
  });

  test('holds every column of every event, in the order of organization and time', async () => {
    const [segment] = await usageSegments(session);
    const duckdb = await openDuckDb();
    const rows = await duckdb.query<Record<string, unknown>>(
      `select * from read_parquet('${join(folder, 'store', segment!.objectKey)}')`,
    );
    duckdb.close();
    expect(segment).toMatchObject({ day: DAY, events: 50 });
    const keys = rows.map((row) => `${row.organization_id} ${(row.event_time as Date).toISOString()}`);
    expect(keys).toEqual([...keys].sort());
    expect(rows.filter(({ error_type }) => error_type === "it's | broken, ~\\ ü").length).toBe(13);
    expect(rows.filter(({ usage_known }) => usage_known === false).length).toBe(13);
    expect(rows.filter(({ parts }) => parts === '{"input_audio": 3}').length).toBe(8);
    expect(new Set(rows.map(({ model }) => model)).size).toBe(5);
  });

  test('takes late events when its partition is made again, and merges them into one file, each once', async () => {
    const before = await everywhere();
    await addEvents(40, 25);
    expect(await seal()).toMatchObject({ outcome: 'sealed', events: 65 });
    const after = await everywhere();
    expect(after.length).toBe(65);
    expect(before.every((id) => after.includes(id))).toBe(true);
    expect((await usageSegments(session)).length).toBe(1);
    const [row] = await session.query<{ files: bigint; replaced: bigint }>(
      'select count(*) as files, count(replaced_at) as replaced from analytics.usage_segments where sealed_at is not null',
    );
    expect(row).toEqual({ files: 2n, replaced: 1n });
  });

  test('starts its export anew when an event comes in while it runs', async () => {
    await addEvents(100, 10);
    const late = usageEvent({ foreignId: 'late', eventTime: new Date(Date.UTC(2026, 2, 1, 5)) });
    let turns = 0;
    await withSession(db.database, async (other) => {
      const result = await seal(async (step) => {
        turns += step === 'export' ? 1 : 0;
        if (step === 'record' && turns === 1) {
          await recordUsageEvent(other, late);
        } else if (step === 'detach') {
          await expect(
            recordUsageEvent(other, usageEvent({ ...late, foreignId: 'later' })),
          ).rejects.toMatchObject({
            code: 'USAGE_DAY_CLOSED',
          });
        }
      });
      expect(result).toMatchObject({ outcome: 'sealed', events: 76 });
    });
    expect(turns).toBe(2);
  });

  test('is refused when the file in the store is not the one of the manifest any more', async () => {
    const [segment] = await usageSegments(session);
    const path = join(folder, 'store', segment!.objectKey);
    const bytes = readFileSync(path);
    writeFileSync(path, Buffer.concat([bytes, Buffer.from('x')]));
    await addEvents(300, 3);
    const before = await session.query('select count(*) from analytics.usage_events');
    await expect(seal()).rejects.toMatchObject({ code: 'USAGE_SEGMENT_DIFFERS' });
    expect(await session.query('select count(*) from analytics.usage_events')).toEqual(before);
    writeFileSync(path, bytes);
    expect(await seal()).toMatchObject({ outcome: 'sealed', events: 79 });
  });

  test('gives up, with nothing changed, while others hold locks on it', async () => {
    await addEvents(400, 3);
    await withSession(db.database, async (other) => {
      await other.run('begin; lock table analytics.usage_events_20260301 in row exclusive mode');
      await expect(seal(undefined, 200)).rejects.toMatchObject({ code: 'USAGE_DAY_BUSY' });
      await other.run('rollback');
    });
    expect(await seal()).toMatchObject({ outcome: 'sealed', events: 82 });
  });
});

describe('a day without events', () => {
  test('leaves no file, and its partition goes', async () => {
    const db = await createUsageDatabase();
    const folder = mkdtempSync(join(tmpdir(), 'plinth-test-history-'));
    await withSession(db.database, async (session) => {
      await session.run("select analytics.ensure_usage_event_partitions('2026-03-01', '2026-03-02')");
      const options = { store: folderStore(join(folder, 'store')), workFolder: folder };
      expect(await sealUsageDay(session, DAY, options)).toMatchObject({ outcome: 'empty', events: 0 });
      expect(await usageSegments(session)).toEqual([]);
    });
    await db.drop();
    rmSync(folder, { recursive: true });
  });
});
