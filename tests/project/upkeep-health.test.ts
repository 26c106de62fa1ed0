/** What `plinth health` tells of the upkeep of usage, in a real database whose upkeep has stopped. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import { type Session, withSession } from '../../src/database/index.js';
import { type HealthReport, open, type Plinth } from '../../src/project/index.js';
import { healthText } from '../../src/report/index.js';
import { styleFor } from '../../src/report/style.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { parsePrometheus } from '../telemetry/prometheus-format.js';
import { ORGANIZATION } from '../usage/support.js';

let db: TestDatabase;
let session: Session;
let folder: string;
let plinth: Plinth;

const SETTINGS = `version: 1
project: upkeep
targets:
  operational: { migrations: db/migrations/operational }
  analytics: { migrations: db/migrations/analytics }
usage:
  partitionsAhead: 6d
`;

beforeAll(async () => {
  db = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'plinth-test-upkeep-'));
  for (const part of ['analytics', 'db/migrations']) {
    cpSync(join(PACKAGE_ROOT, part), join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, 'plinth.yaml'), SETTINGS);
  plinth = await open({ cwd: folder, url: db.url });
  await plinth.apply();
  session = await db.database.connect();
});
afterAll(async () => {
  await session.close();
  await db.drop();
  rmSync(folder, { recursive: true });
});

const reasonsOf = ({ reasons }: HealthReport) =>
  reasons.map(({ kind, severity, message }) => `${severity} ${kind}: ${message}`);
const metric = (name: string, labels: Readonly<Record<string, string>> = {}) =>
  parsePrometheus(plinth.telemetry.prometheusText())
    .flatMap(({ samples }) => samples)
    .find(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )?.value;

describe('the health of a project', () => {
  test('is well before anybody records usage, and after upkeep', async () => {
    expect(await plinth.health()).toMatchObject({ status: 'ok', reasons: [] });
    await plinth.maintain();
    const report = await plinth.health();
    expect(report).toMatchObject({ status: 'ok', upkeep: { usage: { markedBuckets: 0 }, capped: [] } });
    expect(report.upkeep!.lateness.map(({ lateMs }) => lateMs)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(healthText(report, styleFor(false))).toMatch(
      /usage: partitions until \d{4}-\d\d-\d\d, 0 buckets to roll up/,
    );
  });

  test('tells changes that wait, by how long, and is degraded; beyond failAfter it fails', async () => {
    await session.query(
      "insert into analytics.rollup_marks (subject, bucket_start, marked_at) values ('usage_events', '2026-03-01', now() - interval '90 minutes')",
    );
    const report = await plinth.health();
    expect(report).toMatchObject({ status: 'degraded', ready: true });
    expect(reasonsOf(report)).toEqual([
      'degraded late: changes of 1 bucket wait to be rolled up, for 90 minutes: plinth maintain',
    ]);
    expect(metric('plinth_upkeep_late_seconds', { plinth_upkeep_step: 'rollups' })).toBeGreaterThan(5390);
    expect(metric('plinth_upkeep_late_seconds', { plinth_upkeep_step: 'history' })).toBe(0);
    expect(metric('plinth_usage_marked')).toBe(1);
    writeFileSync(join(folder, 'plinth.yaml'), `${SETTINGS}  failAfter: 1h\n`);
    const strict = await open({ cwd: folder, url: db.url });
    writeFileSync(join(folder, 'plinth.yaml'), SETTINGS);
    expect(await strict.health()).toMatchObject({ status: 'failing', ready: false });
    await session.run('truncate analytics.rollup_marks');
  });

  test('tells rows beyond their retention, reservations that ran out and files that were replaced', async () => {
    await session.query(
      `insert into analytics.usage_rollups_hour_organization
         (organization_id, bucket_start, requests, errors, usage_unknown, cost_unknown, input_uncached_tokens,
          input_cache_read_tokens, input_cache_write_tokens, output_text_tokens, output_reasoning_tokens, currency,
          cost_nanos, latency_buckets, latency_counts, users_registers, users_ranks)
       values ($1, '2020-01-01', 1, 0, 0, 1, 0, 0, 0, 0, 0, 'USD', 0, '{}', '{}', '{}', '{}')`,
      [ORGANIZATION],
    );
    await session.run(`
      insert into analytics.usage_segments
        (day, sealed_at, replaced_at, events, file_bytes, cost_nanos, tokens, row_hash, format, object_key, file_sha256)
      values ('2026-01-01', now() - interval '9 days', now() - interval '4 days', 1, 1, 0, 0, 0, 1, 'a', sha256('a'));
      insert into platform.organizations (id, slug, display_name) values ('${ORGANIZATION}', 'acme', 'Acme');
      insert into platform.budgets (organization_id, name, period, currency, limit_nanos)
      values ('${ORGANIZATION}', 'month', 'month', 'USD', 1000);
      select platform.reserve_budget('${ORGANIZATION}', platform.uuid_v7(), 5, 'USD');
      update platform.budget_reservations
        set created_at = now() - interval '3 hours', expires_at = now() - interval '2 hours'`);
    expect(reasonsOf(await plinth.health())).toEqual([
      'degraded late: 1 file of the history that others have replaced is still kept, for 4 days: plinth maintain',
      expect.stringMatching(
        /^degraded late: rows of hour_organization are older than they are kept, for \d+ days/,
      ),
      'degraded late: 1 reservation that ran out is still held, for 2 hours: plinth maintain',
    ]);
    expect((await plinth.maintain({ check: true })).late).toHaveLength(3);
    // A mark of a bucket whose source has left would stay: nothing is marked here, so upkeep does it all.
    await plinth.maintain();
    await session.run('delete from analytics.usage_segments');
    expect(await plinth.health()).toMatchObject({ status: 'ok' });
  });

  test('fails when today has no partition, which upkeep had made', async () => {
    const name = `usage_events_${new Date().toISOString().slice(0, 10).replaceAll('-', '')}`;
    await session.run(`drop table analytics.${name}`);
    const report = await plinth.health();
    expect(report).toMatchObject({ status: 'failing', ready: false });
    expect(reasonsOf(report)).toEqual([
      'failing late: there is no partition for the usage events of today: plinth maintain',
    ]);
    await plinth.maintain();
    expect(await plinth.health()).toMatchObject({ status: 'ok' });
  });

  test('tells tenants whose keys are folded', async () => {
    await session.query(
      `insert into analytics.rollup_caps (organization_id, bucket_start, folded_values, folded_events, at_most, rollup, dimension)
       values ($1, date_trunc('day', now(), 'UTC'), 20, 70, 10000, 'day_organization_key_model', 'api_key_id')`,
      [ORGANIZATION],
    );
    const report = await plinth.health();
    expect(reasonsOf(report)).toEqual([
      'degraded capped: 1 organization has more than 10000 values of api_key_id in day_organization_key_model: 70 requests of two days stand as __other__',
    ]);
    expect(report.upkeep!.capped).toMatchObject([{ organizations: [ORGANIZATION], events: 70n }]);
    const capped = { plinth_rollup: 'day_organization_key_model' };
    expect(metric('plinth_usage_capped', capped)).toBe(1);
    await session.run('delete from analytics.rollup_caps');
    await plinth.health();
    expect(metric('plinth_usage_capped', capped)).toBe(0);
  });

  test('says nothing of upkeep to a role that may not read it', async () => {
    const role = `reader_${db.name}`;
    await session.run(`create role ${role} login password 'only-read'; grant usage on schema plinth to ${role};
      grant select on all tables in schema plinth to ${role}`);
    try {
      const url = new URL(db.url);
      url.username = role;
      url.password = 'only-read';
      const reader = await open({ cwd: folder, url: url.href });
      const report = await reader.health();
      expect(report).toMatchObject({ ready: true, reasons: [] });
      expect(report.upkeep).toBeUndefined();
    } finally {
      await withSession(db.database, (own) => own.run(`drop owned by ${role}; drop role ${role}`));
    }
  });
});
