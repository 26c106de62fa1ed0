import { afterAll, beforeAll, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { ensureUsagePartitions, recordUsageEvent } from '../../src/usage/index.js';
import { plinth } from '../support/command-line.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, usageEvent } from './support.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createUsageDatabase(['operational', 'analytics']);
});
afterAll(() => db.drop());

const run = (...args: string[]) => plinth([...args, '--url', db.url]);
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await run(...args, '--format', 'json');
  return { code, stderr, data: stdout === '' ? undefined : JSON.parse(stdout).data };
};

test('usage rollups lists what is declared, shows its SQL, and checks the database', async () => {
  const { stdout } = await run('usage', 'rollups');
  expect(stdout).toContain('hour_model_status');
  expect((await run('usage', 'rollups', 'hour_organization', '--engine', 'duckdb')).stdout).toContain(
    'list(',
  );
  expect((await run('usage', 'rollups', 'hour_organization', '--table')).stdout).toContain('create table');
  const unknown = await run('usage', 'rollups', 'hour_organisation');
  expect(unknown.code).toBe(2);
  expect(unknown.stderr).toContain("Did you mean 'hour_organization'?");
  expect(await json('usage', 'rollups', '--check')).toMatchObject({ code: 0, data: { isAsDeclared: true } });
});

test('usage roll-up, reconcile and test tell by exit code and JSON, and a repair leaves its trace in the audit trail', async () => {
  const eventTime = new Date();
  await withSession(db.database, async (session) => {
    await ensureUsagePartitions(session, { from: eventTime, to: new Date(eventTime.getTime() + 1) });
    await recordUsageEvent(session, usageEvent({ eventTime }));
  });
  expect(await json('usage', 'rollups', '--check')).toMatchObject({ code: 0, data: { isAsDeclared: true } });
  const rolledUp = await json('usage', 'roll-up', '--workers', '2');
  expect(rolledUp).toMatchObject({ code: 0, data: { left: 0, withoutSource: 0 } });
  expect(rolledUp.data.rollups).toHaveLength(5);
  expect(await json('usage', 'reconcile')).toMatchObject({ code: 0, data: { isExact: true } });

  await withSession(db.database, (session) =>
    session.run('update analytics.usage_rollups_hour_organization set requests = requests + 1'),
  );
  const wrong = await run('usage', 'reconcile');
  expect(wrong.code).toBe(1);
  expect(wrong.stdout).toContain('requests: 1 in the source, 2 in the rollup');
  expect(await json('usage', 'reconcile', '--repair')).toMatchObject({
    code: 0,
    data: { isExact: true, before: { isExact: false } },
  });
  expect((await json('usage', 'reconcile')).code).toBe(0);
  const audited = await withSession(db.database, (session) =>
    session.query(
      "select action, outcome, details ->> 'repaired' as repaired from platform.audit_events where action = 'usage.reconcile' order by occurred_at",
    ),
  );
  expect(audited).toEqual([
    { action: 'usage.reconcile', outcome: 'failure', repaired: 'false' },
    { action: 'usage.reconcile', outcome: 'success', repaired: 'true' },
  ]);

  const tested = await json('usage', 'test');
  expect(tested.code).toBe(1);
  expect(tested.data.tests.filter(({ outcome }: { outcome: string }) => outcome === 'failed')).toMatchObject([
    { name: 'organizations_exist', failing: 1 },
  ]);
  expect((await run('usage', 'test', 'models_exist')).code).toBe(0);
  expect((await run('usage', 'test', 'models_exists')).stderr).toContain("Did you mean 'models_exist'?");
});

test('usage budgets --check holds all budgets to usage, and without it wants an organization', async () => {
  expect(await json('usage', 'budgets', '--check')).toMatchObject({
    code: 0,
    data: { budgets: [], isExact: true, repaired: { requests: 0 } },
  });
  const unnamed = await run('usage', 'budgets');
  expect([unnamed.code, unnamed.stderr]).toEqual([2, expect.stringContaining('no organization is named')]);
});

test('usage roll-up --watch works marks off as they come, until it is told to stop', async () => {
  const watching = plinth(
    ['usage', 'roll-up', '--watch', '--every', '1', '--url', db.url, '--format', 'json'],
    {
      onStart: (child) => {
        const stop = async (): Promise<void> => {
          await withSession(db.database, async (session) => {
            await recordUsageEvent(session, usageEvent({ eventTime: new Date() }));
            for (;;) {
              const [row] = await session.query<{ n: bigint }>(
                "select count(*) as n from analytics.rollup_marks where subject = 'usage_events'",
              );
              if (row!.n === 0n) {
                break;
              }
              await new Promise((settle) => setTimeout(settle, 50));
            }
          });
          child.kill('SIGTERM');
        };
        void stop();
      },
    },
  );
  const { code, stdout } = await watching;
  expect(code).toBe(0);
  expect(JSON.parse(stdout).data.marks).toBeGreaterThan(0);
}, 60_000);
