import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import { type Session, withSession } from '../../src/database/index.js';
import { type MaintainReport, open, type Plinth } from '../../src/project/index.js';
import { recordUsageEvent, usageSegments } from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, usageEvent } from '../usage/support.js';

let db: TestDatabase;
let session: Session;
let folder: string;
let plinth: Plinth;

beforeAll(async () => {
  db = await createUsageDatabase(['operational', 'analytics']);
  session = await db.database.connect();
  folder = mkdtempSync(join(tmpdir(), 'plinth-test-maintain-'));
  cpSync(join(PACKAGE_ROOT, 'analytics'), join(folder, 'analytics'), { recursive: true });
  writeFileSync(
    join(folder, 'plinth.yaml'),
    'version: 1\nproject: upkeep\ntargets:\n  operational: { migrations: m }\n  analytics: { migrations: m }\nusage:\n  partitionsAhead: 6d\n  history: { store: history, sealAfter: 30d }\n',
  );
  plinth = await open({ cwd: folder, url: db.url });
});
afterAll(async () => {
  await session.close();
  await db.drop();
  rmSync(folder, { recursive: true });
});

function done(report: MaintainReport): Record<string, number | string> {
  return Object.fromEntries(
    report.steps.map(({ step, done: count, failure }) => [step, failure?.code ?? count]),
  );
}

const DAY_MS = 86_400_000;

describe('upkeep', () => {
  test('tells what is late without doing anything', async () => {
    const report = await plinth.maintain({ check: true });
    expect(report).toMatchObject({
      steps: [],
      late: [
        'there is no partition for the usage events of today',
        'there is no partition for the audit events of today',
      ],
      state: { madeUntil: undefined, hasPartitions: false },
    });
  });

  test('makes partitions ahead, and nothing the second time', async () => {
    const first = await plinth.maintain();
    expect(done(first)).toMatchObject({ 'usage partitions': 7, history: 0, rollups: 0 });
    expect(first.late).toEqual([]);
    expect(first.state.madeUntil!.getTime()).toBeGreaterThan(Date.now() + 5 * DAY_MS);
    expect(done(await plinth.maintain())).toMatchObject({ 'usage partitions': 0, 'audit partitions': 0 });
  });

  test('rolls up what has changed, and then moves days that are old enough to the history', async () => {
    const old = new Date(Date.now() - 40 * DAY_MS);
    await session.query('select analytics.ensure_usage_event_partitions($1, $2)', [
      old,
      new Date(old.getTime() + 1000),
    ]);
    for (let index = 0; index < 20; index += 1) {
      await recordUsageEvent(session, usageEvent({ foreignId: `old ${index}`, eventTime: old }));
    }
    const day = old.toISOString().slice(0, 10);
    expect((await plinth.maintain({ check: true })).state.dueDays).toEqual([day]);
    const report = await plinth.maintain();
    expect(done(report)).toMatchObject({ history: 1 });
    expect(report.steps.find(({ step }) => step === 'rollups')!.done).toBeGreaterThan(0);
    expect(report.late).toEqual([]);
    expect(await usageSegments(session)).toMatchObject([{ day, events: 20 }]);
    expect(
      readdirSync(join(folder, 'history'), { recursive: true }).some((name) =>
        String(name).endsWith('.parquet'),
      ),
    ).toBe(true);
    expect(readdirSync(join(folder, '.plinth/history-work'))).toEqual([]);
    const [row] = await session.query<{ requests: bigint }>(
      'select sum(requests)::bigint as requests from analytics.usage_rollups_hour_organization',
    );
    expect(row!.requests).toBe(20n);
  });

  test('merges what came late for a day of the history, and removes the file before it in its time', async () => {
    const old = new Date(Date.now() - 40 * DAY_MS);
    await recordUsageEvent(session, usageEvent({ foreignId: 'late', eventTime: old }));
    expect((await plinth.maintain({ check: true })).late).toEqual([]);
    const trend = await plinth.usage.trend({ from: old, to: new Date(old.getTime() + 1), grain: 'hour' });
    expect(trend!.total.requests).toBe(21n);
    const report = await plinth.maintain();
    expect(done(report)).toMatchObject({ rollups: expect.any(Number), history: 1, 'replaced files': 0 });
    expect(await usageSegments(session)).toMatchObject([{ events: 21 }]);
    expect(await plinth.usage.reconcile()).toMatchObject({
      isExact: true,
      history: { days: 1, events: 21n, mismatches: [] },
    });
    const files = () =>
      readdirSync(join(folder, 'history'), { recursive: true }).filter((name) =>
        String(name).endsWith('.parquet'),
      ).length;
    expect(files()).toBe(2);
    await session.run("update analytics.usage_segments set replaced_at = replaced_at - interval '2 days'");
    expect(done(await plinth.maintain())).toMatchObject({ history: 0, 'replaced files': 1 });
    expect(files()).toBe(1);
  });

  test('does the other steps when one fails, and says which', async () => {
    await session.run('alter function platform.release_expired_budget_reservations rename to elsewhere');
    const report = await plinth.maintain();
    await session.run('alter function platform.elsewhere rename to release_expired_budget_reservations');
    expect(done(report)).toMatchObject({ 'usage partitions': 0, rollups: 0, history: 0 });
    expect(typeof done(report).reservations).toBe('string');
    expect(done(await plinth.maintain())).toMatchObject({ reservations: 0 });
  });

  test('goes on until it is told to stop', async () => {
    const stop = new AbortController();
    const watching = await open({ cwd: folder, url: db.url, signal: stop.signal });
    let rounds = 0;
    await watching.maintain({
      watchEveryMs: 5,
      onRound: () => {
        rounds += 1;
        if (rounds === 3) {
          stop.abort();
        }
      },
    });
    expect(rounds).toBe(3);
    expect(existsSync(folder)).toBe(true);
  });

  test('waits for locks only so long, and makes the partitions the next time', async () => {
    const last = (await plinth.maintain({ check: true })).state.madeUntil!;
    const name = `usage_events_${new Date(last.getTime() - DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;
    await session.run(`drop table analytics.${name}`);
    const waiting = await withSession(db.database, async (other) => {
      await other.run('begin; lock table analytics.usage_events in share update exclusive mode');
      const running = plinth.maintain();
      await new Promise((resolve) => setTimeout(resolve, 2500));
      await other.run('rollback');
      return running;
    });
    expect(done(waiting)).toMatchObject({ 'usage partitions': 1 });
  });
});
