/** Sealing is a process of its own, and is killed with SIGKILL between every two of its steps. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Session, withSession } from '../../../src/database/index.js';
import { folderStore } from '../../../src/storage/index.js';
import {
  folderFiles,
  moveUsageDays,
  reconcileUsage,
  recordUsageEvent,
  refreshRollups,
  removeReplacedSegments,
  type SealStep,
  usageEvents,
  usageSegments,
} from '../../../src/usage/index.js';
import { compileProgram } from '../../support/compiled-program.js';
import type { TestDatabase } from '../../support/database.js';
import {
  createUsageDatabase,
  ORGANIZATION as organizationId,
  ROLLUPS as rollups,
  usageEvent,
} from '../support.js';

const STEPS: readonly SealStep[] = ['export', 'verify', 'announce', 'store', 'record', 'detach', 'drop'];
const DAYS = Array.from({ length: STEPS.length + 1 }, (_, index) => `2026-03-0${index + 1}`);
const SPAN = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-10T00:00:00Z') };
const MUCH_LATER = new Date('2026-06-01T00:00:00Z');
const EVENTS_A_DAY = 6;

const program = compileProgram('tests/usage/programs/history-worker.ts');
let db: TestDatabase;
let session: Session;
let folder: string;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
  folder = mkdtempSync(join(tmpdir(), 'plinth-test-killed-'));
  mkdirSync(join(folder, 'work'));
});
afterAll(async () => {
  await session.close();
  await db.drop();
  rmSync(folder, { recursive: true });
});

const storeFolder = (): string => join(folder, 'store');
const history = () => folderFiles(storeFolder());

async function addEvents(first: number): Promise<void> {
  for (const [index, day] of DAYS.entries()) {
    for (let number = first; number < first + EVENTS_A_DAY; number += 1) {
      const eventTime = new Date(`${day}T0${number % 10}:00:00Z`);
      await recordUsageEvent(
        session,
        usageEvent({ foreignId: `${index} ${number}`, organizationId, eventTime }),
      );
    }
  }
  await refreshRollups(session, { rollups, history: history() });
}

const answer = () => usageEvents(session, { ...SPAN, organizationId, history: history() });

async function killed(day: string, step: string): Promise<void> {
  const child = program([db.url, storeFolder(), join(folder, 'work'), day, step]);
  expect(await child.output, `${day} ${step}`).toBe('');
  expect(child.process.signalCode, `${day} ${step}`).toBe('SIGKILL');
}

/** What upkeep does next; then nothing of the deaths is left. */
async function recover(): Promise<void> {
  const store = folderStore(storeFolder());
  const options = { store, workFolder: join(folder, 'work'), sealAfterDays: 30, now: MUCH_LATER };
  await moveUsageDays(session, options);
  await removeReplacedSegments(session, { store, graceMs: 0 });
  expect(readdirSync(join(folder, 'work'))).toEqual([]);
  const left = await session.query(
    "select relname from pg_class where relname like 'usage\\_events\\_2%' and relkind = 'r'",
  );
  expect(left).toEqual([]);
  const segments = await usageSegments(session);
  expect(segments.map(({ day }) => day)).toEqual(DAYS);
  const stored = readdirSync(storeFolder(), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => `usage_events/2026/${name}`);
  expect(stored.sort()).toEqual(segments.map(({ objectKey }) => objectKey).sort());
  const found = await reconcileUsage(session, { rollups, history: history() });
  expect(found).toMatchObject({ isExact: true, history: { days: DAYS.length, mismatches: [] } });
}

describe('killing the process that moves days to the history', () => {
  test('loses nothing and doubles nothing, at any step, and upkeep goes on', {
    timeout: 600_000,
  }, async () => {
    await session.run("select analytics.ensure_usage_event_partitions('2026-03-01', '2026-03-09')");
    await addEvents(0);
    const before = await answer();
    expect(before.length).toBe(DAYS.length * EVENTS_A_DAY);
    for (const [index, step] of STEPS.entries()) {
      await killed(DAYS[index]!, step);
      expect(await answer(), step).toEqual(before);
    }
    await recover();
    expect(await answer()).toEqual(before);
  });

  test('nor when what came late is merged into another file', { timeout: 600_000 }, async () => {
    await addEvents(3);
    const before = await answer();
    expect(before.length).toBe(DAYS.length * (EVENTS_A_DAY + 3));
    // Up to there the steps are those of the first sealing.
    for (const [index, step] of STEPS.slice(STEPS.indexOf('store')).entries()) {
      await killed(DAYS[index]!, step);
      expect(await answer(), step).toEqual(before);
    }
    await moveUsageDays(session, {
      store: folderStore(storeFolder()),
      workFolder: join(folder, 'work'),
      sealAfterDays: 30,
      now: MUCH_LATER,
    });
    for (const step of ['remove', 'note']) {
      await killed('remove', step);
      expect(await answer(), step).toEqual(before);
    }
    await recover();
    expect(await answer()).toEqual(before);
  });

  test('nor in the middle of detaching, with its connection', { timeout: 600_000 }, async () => {
    await addEvents(20);
    const before = await answer();
    await withSession(db.database, async (reader) => {
      await reader.run('begin; select from analytics.usage_events limit 0');
      const child = program([db.url, storeFolder(), join(folder, 'work'), DAYS[0]!, 'never']);
      await expect
        .poll(() => session.query('select 1 from pg_inherits where inhdetachpending'), {
          timeout: 120_000,
          interval: 20,
        })
        .toHaveLength(1);
      child.process.kill('SIGKILL');
      await child.output;
      await session.run(
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity where application_name = 'history worker'",
      );
      await reader.run('rollback');
    });
    expect(await answer()).toEqual(before);
    await recover();
    expect(await answer()).toEqual(before);
  });
});
