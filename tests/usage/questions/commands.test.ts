import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDuckDb, withSession } from '../../../src/database/index.js';
import { ensureUsagePartitions, recordUsageEvent, refreshRollups } from '../../../src/usage/index.js';
import { plinth } from '../../support/command-line.js';
import type { TestDatabase } from '../../support/database.js';
import { createUsageDatabase, ORGANIZATION, OTHER_ORGANIZATION, ROLLUPS, usageEvent } from '../support.js';

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plinth-test-questions-'));
  db = await createUsageDatabase(['operational', 'analytics']);
  await withSession(db.database, async (session) => {
    await session.query(
      "insert into platform.organizations (id, slug, display_name, time_zone) values ($1, 'paris', 'Paris', 'Europe/Paris')",
      [ORGANIZATION],
    );
    const from = new Date('2026-03-28');
    await ensureUsagePartitions(session, { from, to: new Date('2026-03-31') });
    for (let hour = 0; hour < 72; hour += 1) {
      await recordUsageEvent(
        session,
        usageEvent({
          organizationId: hour % 6 === 0 ? OTHER_ORGANIZATION : ORGANIZATION,
          eventTime: new Date(from.getTime() + hour * 3_600_000),
          model: hour % 2 === 0 ? 'large' : 'say "small"',
          cost: { nanos: 1_000_000n, source: 'provider' },
        }),
      );
    }
    await refreshRollups(session, { rollups: ROLLUPS });
  });
});
afterAll(async () => {
  await db.drop();
  rmSync(folder, { recursive: true });
});

const run = (...args: string[]) => plinth([...args, '--url', db.url]);
const json = async (...args: string[]) => JSON.parse((await run(...args, '--format', 'json')).stdout).data;

test("usage trend reads an organization's days in its own time zone, unless told another", async () => {
  const args = [
    'usage',
    'trend',
    '--organization',
    'paris',
    '--grain',
    'day',
    '--from',
    '2026-03-29',
    '--to',
    '2026-03-30',
  ];
  const own = await json(...args);
  expect(own).toMatchObject({
    timeZone: 'Europe/Paris',
    source: { rollup: 'hour_organization' },
    points: [
      { bucketStart: '2026-03-28T23:00:00.000Z', bucketEnd: '2026-03-29T22:00:00.000Z', requests: 19 },
    ],
  });
  const utc = await json(...args, '--time-zone', 'UTC', '--compare');
  expect(utc).toMatchObject({ points: [{ requests: 20 }], before: { points: [{ requests: 20 }] } });
  const { stdout } = await run(...args, '--compare');
  expect(stdout).toContain('Europe/Paris');
  expect(stdout).toContain('2026-03-29');
  expect(stdout).toMatch(/before: requests from 2026-03-28 00:00 to 2026-03-29 00:00/);
});

test('usage top and breakdown tell names, shares and where they come from', async () => {
  const top = await json('usage', 'top');
  expect(top.groups).toMatchObject([
    { key: { organization: 'paris' }, requests: 60 },
    { key: { organization_id: OTHER_ORGANIZATION, organization: null }, requests: 12 },
  ]);
  const models = await json('usage', 'breakdown', 'model', '--organization', 'paris');
  expect(models.source).toMatchObject({ rollup: 'day_organization_key_model', hasPercentiles: false });
  const exact = await json('usage', 'breakdown', 'model', '--organization', 'paris', '--percentiles');
  expect(exact.groups[0].latency.p50Us).toBeGreaterThan(1_480_000);
  expect(models.total.requests).toBe(60);
  expect(models.groups[0].key).toEqual({ provider: 'acme', model: 'say "small"' });
  expect((await run('usage', 'top', 'key', '--measure', 'cost')).stdout).toContain('no key');
  const wrong = await run('usage', 'top', 'colour');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('organization, provider, model, key, user');
});

test('usage events shows the newest events of one organization', async () => {
  const { events } = await json('usage', 'events', '--organization', 'paris', '--limit', '5');
  expect(events).toHaveLength(5);
  expect(events[0]).toMatchObject({ eventTime: '2026-03-30T23:00:00.000Z', model: 'say "small"' });
  expect((await run('usage', 'events', '--organization', 'paris')).stdout).toContain('20 events');
  expect((await run('usage', 'events')).code).toBe(2);
});

test('answers are written as CSV and as Parquet, with the same figures', async () => {
  const args = ['usage', 'breakdown', 'model'];
  const { stdout } = await run(...args, '--format', 'csv');
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^provider,model,share,requests,errors,.*cost_nanos_usd/);
  expect(lines).toContainEqual(expect.stringContaining('acme,"say ""small""",0.5,36,'));
  const file = join(folder, 'models.parquet');
  const written = await run(...args, '--output', file);
  expect(written).toMatchObject({ code: 0, stdout: '' });
  const duckdb = await openDuckDb();
  const rows = await duckdb.query(
    `select model, requests, cost_nanos_usd from read_parquet('${file}') order by model`,
  );
  expect(rows).toEqual([
    { model: 'large', requests: 36n, cost_nanos_usd: 36_000_000n },
    { model: 'say "small"', requests: 36n, cost_nanos_usd: 36_000_000n },
  ]);
  const events = join(folder, 'events.parquet');
  await run('usage', 'events', '--organization', 'paris', '--from', '2026-03-01', '--output', events);
  expect(
    await duckdb.query(`select count(*) as n from read_parquet('${events}') where provider = 'acme'`),
  ).toEqual([{ n: 60n }]);
  duckdb.close();
  expect((await run(...args, '--output', 'models.xlsx')).code).toBe(2);
});

test('a question with a number or a currency that is none is refused', async () => {
  for (const args of [
    ['events', '--organization', 'paris', '--limit', '0'],
    ['top', '--limit', '0'],
    ['top', '--measure', 'cost', '--currency', 'usd'],
  ]) {
    const { code, stderr } = await run('usage', ...args);
    expect([code, stderr], args.join(' ')).toEqual([2, expect.stringContaining('USAGE_OPTION_INVALID')]);
  }
});

test('usage top reads a rollup also for a zone with half hours, where the span is not told', async () => {
  const { source, total } = await json('usage', 'top', 'model', '--time-zone', 'Asia/Kolkata');
  expect([source.rollup, total.requests]).toEqual(['day_model_status', 72]);
});
