/** Questions in a project with rollups of its own: finer ones, chains of them, other measures, and rows that have expired. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/core/index.js';
import type { Session } from '../../../src/database/index.js';
import { usageCost } from '../../../src/usage/budget/usage-cost.js';
import {
  expireRollups,
  parseRollups,
  type QuestionGrain,
  type Rollup,
  reconcileUsage,
  refreshRollups,
  repairUsage,
  tableSql,
  usageTrend,
} from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import { anyEventRow, insertEvents, prepareDays } from '../rollups/event-rows.js';
import { createUsageDatabase, EMPTY_USAGE, ORGANIZATION, ROLLUPS } from '../support.js';
import { comparable, isNear, plainSums, withoutPercentile } from './oracle.js';

const hours = readFileSync(join(PACKAGE_ROOT, 'analytics/rollups/hour_organization.yml'), 'utf8');
const carried = [...hours.matchAll(/^ {2}([a-z_]+):/gm)].map(([, name]) => name);

function over(source: string, grain: string): string {
  return `version: 1
description: ${source} by ${grain}.
source: ${source}
grain: ${grain}
dimensions: [organization_id, currency]
measures: [${carried.join(', ')}]
`;
}

/** Each sums the one before it. */
const CHAIN = parseRollups([
  { file: 'own_minute.yml', text: hours.replace('grain: hour', 'grain: minute') },
  { file: 'own_minute_again.yml', text: over('own_minute', 'minute') },
  { file: 'own_quarter.yml', text: over('own_minute_again', 'quarter-hour') },
  { file: 'own_hour.yml', text: over('own_quarter', 'hour') },
  { file: 'own_day.yml', text: over('own_hour', 'day') },
  { file: 'own_month.yml', text: over('own_day', 'month') },
]);
const OWN = parseRollups([
  {
    file: 'own_errors.yml',
    text: hours.replace('status >= 400 or error_type is not null', 'status >= 500'),
  },
]);

const SPAN = { from: new Date('2025-12-31T21:00:00Z'), to: new Date('2026-01-01T03:00:00Z') };
const GRAINS = ['minute', 'quarter-hour', 'hour', 'day', 'month'] as const;

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase();
  session = await db.database.connect();
  await prepareDays(session);
  for (const rollup of [...CHAIN, ...OWN]) {
    await session.run(tableSql(rollup));
  }
  await session.run(
    "insert into analytics.models (provider, name) values ('acme', 'large'), ('umbra', 'small')",
  );
});
afterAll(async () => {
  await session.close();
  await db.drop();
});
beforeEach(async () => {
  await session.run(EMPTY_USAGE);
  const tables = [...CHAIN, ...OWN].map(({ name }) => `analytics.usage_rollups_${name}`);
  await session.run(`truncate ${tables.join(', ')}`);
});

/** One event at each of these minutes of 23:00. */
async function insertAt(...minutes: readonly number[]): Promise<void> {
  for (const minute of minutes) {
    await session.query(
      `insert into analytics.usage_events (organization_id, event_time, event_id, model_id, status, usage_known, operation, source)
       select $1, analytics.uuid_v7_time(id), id, 1, $3, true, 'chat', 'test' from analytics.uuid_v7_at($2) as id`,
      [ORGANIZATION, new Date(Date.UTC(2025, 11, 31, 23, minute, 30)), 404],
    );
  }
}

async function requestsBy(grain: QuestionGrain, rollups: readonly Rollup[]) {
  const { points, source } = await usageTrend(session, {
    rollups,
    ...SPAN,
    grain,
    organizationId: ORGANIZATION,
  });
  return { rollup: source.rollup, requests: points.map(({ requests }) => Number(requests)).filter(Boolean) };
}

describe('rollups finer than an hour that sum others', () => {
  test('are computed in every bucket of a marked hour', async () => {
    await insertAt(7, 22, 50);
    await refreshRollups(session, { rollups: CHAIN });
    expect((await reconcileUsage(session, { rollups: CHAIN })).isExact).toBe(true);
    expect(await requestsBy('minute', CHAIN)).toEqual({ rollup: 'own_minute', requests: [1, 1, 1] });
    expect(await requestsBy('quarter-hour', CHAIN)).toEqual({ rollup: 'own_quarter', requests: [1, 1, 1] });
    expect(await requestsBy('month', CHAIN)).toEqual({ rollup: 'own_month', requests: [3] });
  });

  test('count once what is marked by the minute in the middle of a quarter', async () => {
    await insertAt(7, 22, 23, 50);
    await refreshRollups(session, { rollups: CHAIN });
    await session.run(
      "insert into analytics.rollup_marks (subject, bucket_start) values ('own_minute', '2025-12-31 23:22Z')",
    );
    for (const grain of GRAINS) {
      const { requests } = await requestsBy(grain, CHAIN);
      expect(
        requests.reduce((sum, one) => sum + one, 0),
        grain,
      ).toBe(4);
    }
  });

  test('are repaired, with all that is made of them', async () => {
    await insertAt(7, 22, 50);
    await refreshRollups(session, { rollups: CHAIN });
    await session.run('update analytics.usage_rollups_own_minute set requests = 9 where true');
    const repaired = await repairUsage(session, { rollups: CHAIN });
    expect([repaired.before.isExact, repaired.isExact]).toEqual([false, true]);
    expect(await requestsBy('month', CHAIN)).toEqual({ rollup: 'own_month', requests: [3] });
  });

  test('answer what plain SQL says, wherever a run was cut off', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEventRow, { minLength: 1, maxLength: 12 }),
        fc.nat(12),
        fc.array(fc.nat(12), { minLength: 1, maxLength: 3 }),
        async (rows, before, cuts) => {
          await session.run(EMPTY_USAGE);
          await session.run(
            `truncate ${CHAIN.map(({ name }) => `analytics.usage_rollups_${name}`).join(', ')}`,
          );
          await insertEvents(session, rows.slice(0, before));
          await refreshRollups(session, { rollups: CHAIN });
          await insertEvents(session, rows.slice(before));
          for (const cut of cuts) {
            await refreshUntil(cut);
            for (const grain of GRAINS) {
              await expectExact(grain);
            }
          }
          await refreshRollups(session, { rollups: CHAIN });
          expect((await reconcileUsage(session, { rollups: CHAIN })).isExact).toBe(true);
        },
      ),
      { numRuns: 10 },
    );
  });

  /** A worker that is stopped after so many buckets. */
  async function refreshUntil(cut: number): Promise<void> {
    const stop = new AbortController();
    let steps = 0;
    await refreshRollups(session, {
      rollups: CHAIN,
      signal: stop.signal,
      onProgress: () => {
        steps += 1;
        if (steps > cut) {
          stop.abort();
        }
      },
    }).catch((error: { code?: string }) => expect(error.code).toBe('USAGE_CANCELLED'));
  }

  async function expectExact(grain: (typeof GRAINS)[number]): Promise<void> {
    const bucket =
      grain === 'quarter-hour'
        ? "date_bin('15 minutes', e.event_time, '2000-01-01 00:00Z')"
        : `date_trunc('${grain}', e.event_time, 'UTC')`;
    const plain = await plainSums(session, `extract(epoch from ${bucket})::bigint`);
    const { points } = await usageTrend(session, { rollups: CHAIN, ...SPAN, grain });
    const asked = points.filter(({ requests }) => requests > 0n);
    expect(asked.length).toBe(plain.size);
    for (const point of asked) {
      const sums = plain.get(String(point.bucketStart.getTime() / 1000))!;
      expect(comparable(point)).toEqual(withoutPercentile(sums));
      expect(isNear(point.latency?.p95Us, sums.p95_us)).toBe(true);
    }
  }
});

describe('a rollup', () => {
  test('that counts other errors than an answer shows does not answer', async () => {
    await insertAt(7);
    await refreshRollups(session, { rollups: OWN });
    const { total, source } = await usageTrend(session, { rollups: OWN, ...SPAN, grain: 'hour' });
    expect([source.rollup, Number(total.errors)]).toEqual([undefined, 1]);
  });

  test('that counts other errors than another rollup is not held against it', async () => {
    await insertAt(7);
    const rollups = [...ROLLUPS, ...OWN];
    await refreshRollups(session, { rollups });
    expect((await reconcileUsage(session, { rollups })).isExact).toBe(true);
  });

  test('whose rows have expired does not answer for them', async () => {
    await insertAt(7, 22);
    await refreshRollups(session, { rollups: ROLLUPS });
    await expireRollups(session, ROLLUPS, new Date('2030-01-01T00:00:00Z'));
    const { total, source } = await usageTrend(session, {
      rollups: ROLLUPS,
      ...SPAN,
      grain: 'hour',
      organizationId: ORGANIZATION,
    });
    expect(Number(total.requests)).toBe(2);
    expect(source).toMatchObject({
      rollup: undefined,
      why: 'hour_organization keeps nothing before 2027-10-01T00:00:00.000Z',
    });
    expect(await requestsBy('month', ROLLUPS)).toEqual({ rollup: 'month_organization', requests: [2] });
  });
});

test('a cost over months is that of the events when the hours have expired, also with ends within an hour', async () => {
  const rows = fc.sample(anyEventRow, { numRuns: 60, seed: 7 });
  await insertEvents(session, rows);
  await refreshRollups(session, { rollups: ROLLUPS });
  await expireRollups(session, ROLLUPS, new Date('2030-01-01T00:00:00Z'));
  for (const [from, to] of [
    ['2025-11-30T12:34:56Z', '2026-02-01T00:00:00Z'],
    ['2025-12-31T23:10:00Z', '2026-01-01T01:20:00Z'],
    ['2025-12-31T23:10:00Z', '2025-12-31T23:50:00Z'],
    ['2025-12-01T00:00:00Z', '2026-01-01T00:30:00Z'],
  ] as const) {
    const span = { from: new Date(from), to: new Date(to) };
    const [plain] = await session.query<{ nanos: string; unknown: bigint }>(
      `select coalesce(sum(cost_nanos), 0)::text as nanos, count(*) filter (where cost_nanos is null) as unknown
       from analytics.usage_events
       where organization_id = $1 and currency = 'EUR' and event_time >= $2 and event_time < $3`,
      [ORGANIZATION, span.from, span.to],
    );
    const cost = await usageCost(session, {
      rollups: ROLLUPS,
      ...span,
      organizationId: ORGANIZATION,
      currency: 'EUR',
    });
    expect([String(cost.nanos), cost.unknown]).toEqual([plain!.nanos, plain!.unknown]);
  }
});
