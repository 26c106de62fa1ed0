import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT, type PlinthError } from '../../src/core/index.js';
import { type Session, withSession } from '../../src/database/index.js';
import {
  ensureUsagePartitions,
  markUsage,
  parseQualityTest,
  QUALITY_KINDS,
  readQualityTests,
  recordUsageEvent,
  refreshRollups,
  runQualityTests,
} from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, EMPTY_USAGE, ROLLUPS as rollups, usageEvent } from './support.js';

const HOUR_MS = 3_600_000;
const tests = readQualityTests(PACKAGE_ROOT);

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase(['analytics', 'operational']);
  session = await db.database.connect();
});
afterAll(async () => {
  await session.close();
  await db.drop();
});

async function run(name?: string) {
  const results = await runQualityTests(session, {
    tests: tests.filter((one) => name === undefined || one.name === name),
    withTarget: (target, work) => {
      expect(target).toBe('operational');
      return withSession(db.database, work);
    },
  });
  return name === undefined ? results : [results[0]!];
}

/** An event so many hours ago. */
async function record(hoursAgo: number, changes: Parameters<typeof usageEvent>[0] = {}): Promise<void> {
  const eventTime = new Date(Date.now() - hoursAgo * HOUR_MS);
  await ensureUsagePartitions(session, { from: eventTime, to: new Date(eventTime.getTime() + 1) });
  await recordUsageEvent(session, usageEvent({ eventTime, ...changes }));
}

describe('the data-quality tests of the foundation', () => {
  test('are of every kind, and each says what must hold', () => {
    expect(new Set(tests.map(({ kind }) => kind))).toEqual(new Set(QUALITY_KINDS));
    for (const { description, file } of tests) {
      expect(description.length, file).toBeGreaterThan(20);
    }
  });

  test('pass on a platform without events', async () => {
    expect((await run()).filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  });

  /** What breaks each test, and nothing else but for the organization, which is none of the platform's. */
  const faults: Readonly<Record<string, () => Promise<void>>> = {
    events_are_fresh: () => record(3),
    rollups_are_fresh: async () => {
      await markUsage(session, { from: new Date('2026-01-01'), to: new Date('2026-01-02') });
      await session.run("update analytics.rollup_marks set marked_at = now() - interval '1 hour'");
    },
    hours_are_complete: async () => {
      await record(30);
      await record(26);
    },
    usage_is_known: () => many({ tokens: undefined }),
    costs_are_known: () => many({}),
    values_are_plausible: () =>
      record(1, {
        tokens: {
          inputUncached: 1e9,
          inputCacheRead: 0,
          inputCacheWrite: 0,
          outputText: 0,
          outputReasoning: 0,
        },
      }),
    models_exist: async () => {
      await record(1);
      await session.run('update analytics.usage_events set model_id = 999999');
    },
    organizations_exist: () => record(1),
    error_rate_is_usual: async () => {
      await session.run(hourRows('3 days', 2000, 10));
      await session.run(hourRows('1 day', 2000, 500));
    },
    load_is_usual: async () => {
      await session.run(hourRows('3 days', 50_000, 0));
      await session.run(hourRows('1 day', 2000, 0));
    },
  };

  /** A row of the rollup, as of a hundred requests and more. */
  function hourRows(ago: string, requests: number, errors: number): string {
    return `insert into analytics.models (provider, name) values ('acme', 'large') on conflict do nothing;
      insert into analytics.usage_rollups_hour_model_status
        (bucket_start, requests, errors, usage_unknown, cost_unknown, input_uncached_tokens, input_cache_read_tokens,
         input_cache_write_tokens, output_text_tokens, output_reasoning_tokens, organizations, model_id, status, currency, cost_nanos,
         latency_buckets, ttft_buckets, users_registers, users_ranks, latency_counts, ttft_counts)
      select date_trunc('day', now(), 'UTC') - interval '${ago}', ${requests}, ${errors}, 0, 0, 0, 0, 0, 0, 0, 1,
             (select id from analytics.models where provider = 'acme' and name = 'large'), 200, 'USD', 0, '{}', '{}', '{}', '{}', '{}', '{}'`;
  }

  async function many(changes: Parameters<typeof usageEvent>[0]): Promise<void> {
    for (let count = 0; count < 100; count += 1) {
      await record(1, changes);
    }
  }

  test.each(tests.map(({ name }) => name))('%s fails on what it is about, and shows it', async (name) => {
    await session.run(EMPTY_USAGE);
    await faults[name]!();
    if (name !== 'rollups_are_fresh') {
      await refreshRollups(session, { rollups });
    }
    const [result] = await run(name);
    expect(result).toMatchObject({ name, outcome: 'failed' });
    expect(result!.failing).toBeGreaterThan(0);
    expect(result!.rows.length).toBeGreaterThan(0);
  });
});

describe('a data-quality test', () => {
  const GOOD =
    '-- Numbers are small.\n-- plinth: kind=ranges\nselect n from generate_series(1, 30) as n where n > 5;\n';

  test('gives the rows that break the rule, the first twenty of them', async () => {
    const [result] = await runQualityTests(session, {
      tests: [parseQualityTest('analytics/tests/small.sql', GOOD)],
      withTarget: () => Promise.reject(new Error('no other target')),
    });
    expect(result).toMatchObject({
      name: 'small',
      kind: 'ranges',
      severity: 'error',
      outcome: 'failed',
      failing: 25,
    });
    expect(result!.rows).toHaveLength(20);
    expect(result!.rows[0]).toEqual({ n: '6' });
  });

  test('that cannot be run is broken, and the others are run', async () => {
    const results = await runQualityTests(session, {
      tests: [
        parseQualityTest('a.sql', GOOD.replace('n > 5', 'm > 5')),
        parseQualityTest('b.sql', GOOD.replace('n > 5', 'false')),
        parseQualityTest(
          'c.sql',
          GOOD.replace(/select.*/, "select 1 from analytics.mark_usage_hours(now(), now() + interval '1 h')"),
        ),
      ],
      withTarget: () => Promise.reject(new Error('no other target')),
    });
    expect(results.map(({ outcome }) => outcome)).toEqual(['broken', 'passed', 'broken']);
    expect(results[0]!.message).toMatch(/column "m" does not exist/);
    expect(results[2]!.message).toMatch(/read-only transaction/);
  });

  const bad: readonly (readonly [string, string, RegExp])[] = [
    ['without a kind', GOOD.replace('kind=ranges', 'severity=error'), /kind is missing/],
    ['of a kind that there is not', GOOD.replace('ranges', 'range'), /kind is 'range'/],
    ['with an unknown setting', GOOD.replace('kind=ranges', 'kind=ranges level=3'), /'level' is not known/],
    ['without a comment', GOOD.replace('-- Numbers are small.\n', ''), /no comment at its head/],
    ['without a query', GOOD.replace(/select.*/, ''), /has no query/],
    ['with two queries', `${GOOD}select 1;`, /second statement/],
    [
      'that names no column',
      GOOD.replace('kind=ranges', 'kind=ranges exists_in="operational organizations"'),
      /exists_in is/,
    ],
  ];
  for (const [what, text, message] of bad) {
    test(`${what} is refused`, () => {
      try {
        parseQualityTest('analytics/tests/x.sql', text);
        expect.unreachable();
      } catch (error) {
        expect((error as PlinthError).code).toBe('USAGE_QUALITY_TEST_INVALID');
        expect((error as PlinthError).message).toMatch(message);
      }
    });
  }
});
