/**
 * Two databases are told the same, one of which moves days to the history at random moments: every question has the
 * same answer in both at any time, whatever came late or twice, rolled up or not.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../../src/database/index.js';
import { folderStore } from '../../../src/storage/index.js';
import {
  folderFiles,
  type HistoryFiles,
  reconcileUsage,
  recordUsageEvent,
  refreshRollups,
  sealUsageDay,
  type UsageEvent,
  usageEvents,
  usageGroups,
  usageTrend,
} from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import {
  createUsageDatabase,
  EMPTY_USAGE,
  OTHER_ORGANIZATION,
  ORGANIZATION as organizationId,
  ROLLUPS as rollups,
  usageEvent,
} from '../support.js';

const DAYS = ['2026-02-28', '2026-03-01', '2026-03-02'];
const SPAN = { from: new Date('2026-02-28T00:00:00Z'), to: new Date('2026-03-03T00:00:00Z') };
const id = (kind: number, number: number) => `0190a00${kind}-0000-7000-8000-00000000000${number}`;

interface Place {
  readonly db: TestDatabase;
  readonly session: Session;
  readonly history: HistoryFiles | undefined;
}

let folder: string;
let hot: Place;
let moving: Place;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plinth-test-spanning-'));
  hot = await open(undefined);
  moving = await open(folderFiles(join(folder, 'store')));
});
afterAll(async () => {
  for (const { session, db } of [hot, moving]) {
    await session.close();
    await db.drop();
  }
  rmSync(folder, { recursive: true });
});

async function open(history: HistoryFiles | undefined): Promise<Place> {
  const db = await createUsageDatabase();
  const session = await db.database.connect();
  await session.run("insert into analytics.models (provider, name) values ('acme', 'one'), ('acme', 'two')");
  return { db, session, history };
}

async function empty({ session }: Place): Promise<void> {
  await session.run(`${EMPTY_USAGE}; truncate analytics.usage_segments`);
  await session.query('select analytics.ensure_usage_event_partitions($1, $2)', [SPAN.from, SPAN.to]);
  for (const day of DAYS) {
    await recordUsageEvent(
      session,
      usageEvent({ eventTime: new Date(`${day}T06:00:00Z`), foreignId: 'first' }),
    );
  }
}

/** A few hours and few of everything: events meet in buckets and groups, and come twice. */
const anyEvent: fc.Arbitrary<UsageEvent> = fc
  .record({
    day: fc.constantFrom(...DAYS),
    hour: fc.constantFrom('00', '11', '23'),
    minute: fc.constantFrom('00', '30', '59'),
    organization: fc.boolean(),
    model: fc.constantFrom('one', 'two'),
    key: fc.integer({ min: 0, max: 2 }),
    user: fc.integer({ min: 0, max: 2 }),
    foreign: fc.integer({ min: 0, max: 1 }),
    tokens: fc.option(fc.nat(1000), { nil: undefined }),
    cost: fc.option(fc.nat(1000), { nil: undefined }),
    latencyUs: fc.option(fc.nat(5_000_000), { nil: undefined }),
    status: fc.constantFrom(200, 500),
    operation: fc.constantFrom('chat' as const, 'embeddings' as const),
  })
  .map(({ day, hour, minute, tokens, cost, organization, key, user, ...rest }) =>
    usageEvent({
      foreignId: `request ${rest.foreign}`,
      organizationId: organization ? organizationId : OTHER_ORGANIZATION,
      eventTime: new Date(`${day}T${hour}:${minute}:00Z`),
      model: rest.model,
      status: rest.status,
      operation: rest.operation,
      tokens:
        tokens === undefined
          ? undefined
          : {
              inputUncached: tokens,
              inputCacheRead: 1,
              inputCacheWrite: 0,
              outputText: 2,
              outputReasoning: 0,
            },
      latencyUs: rest.latencyUs,
      ...(key === 0 ? {} : { apiKeyId: id(2, key) }),
      ...(user === 0 ? {} : { userId: id(3, user) }),
      ...(cost === undefined ? {} : { cost: { nanos: BigInt(cost), source: 'provider' as const } }),
    }),
  );

type Step =
  | { readonly kind: 'events'; readonly events: readonly UsageEvent[]; readonly isRolledUp: boolean }
  | { readonly kind: 'seal'; readonly day: string };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('events' as const),
    events: fc.array(anyEvent, { minLength: 1, maxLength: 8 }),
    isRolledUp: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('seal' as const), day: fc.constantFrom(...DAYS) }),
);

async function take(place: Place, step: Step): Promise<void> {
  const { session, history } = place;
  const refresh = () => refreshRollups(session, { rollups, ...(history ? { history } : {}) });
  if (step.kind === 'events') {
    for (const event of step.events) {
      await recordUsageEvent(session, event);
    }
    if (step.isRolledUp) {
      await refresh();
    }
  } else if (history) {
    await refresh();
    await sealUsageDay(session, step.day, {
      store: folderStore(join(folder, 'store')),
      workFolder: folder,
    });
  }
}

async function answers({ session, history }: Place): Promise<Record<string, unknown>> {
  const ask = { rollups, ...SPAN, ...(history ? { history } : {}) };
  const told: Record<string, unknown> = {};
  for (const [grain, timeZone] of [
    ['hour', 'UTC'],
    ['minute', 'UTC'],
    ['day', 'Asia/Kolkata'],
    ['month', 'UTC'],
  ] as const) {
    const { source: _, ...trend } = await usageTrend(session, { ...ask, grain, timeZone, organizationId });
    told[`${grain} ${timeZone}`] = trend.points.filter(({ requests }) => requests > 0n);
  }
  for (const by of ['organization', 'model', 'key', 'user'] as const) {
    const { source: _, ...groups } = await usageGroups(session, { ...ask, by, measure: 'tokens', limit: 3 });
    told[by] = groups;
  }
  for (const limit of [2, 20]) {
    const events = await usageEvents(session, { ...ask, organizationId, limit });
    told[`${limit} events`] = events.map(({ ingestedAt: _, ...event }) => event);
  }
  return told;
}

test('a question has the same answer wherever its events are', { timeout: 600_000 }, async () => {
  const seen = { seals: 0, late: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 5, maxLength: 8 }), async (steps) => {
      await empty(hot);
      await empty(moving);
      const sealed = new Set<string>();
      for (const step of steps) {
        await take(hot, step);
        await take(moving, step);
        if (step.kind === 'seal') {
          sealed.add(step.day);
          seen.seals += 1;
        } else if (step.events.some(({ eventTime }) => sealed.has(eventTime.toISOString().slice(0, 10)))) {
          seen.late += 1;
          if (seen.late % 2 === 1) {
            expect(await answers(moving)).toEqual(await answers(hot));
          }
        }
      }
      expect(await answers(moving)).toEqual(await answers(hot));
      const { history } = moving;
      await refreshRollups(moving.session, { rollups, history: history! });
      const found = await reconcileUsage(moving.session, { rollups, history: history! });
      expect(found.differences).toEqual([]);
      expect(found).toMatchObject({ isExact: true });
      expect(found.rollups.every(({ pending, withoutSource }) => pending + withoutSource === 0)).toBe(true);
    }),
    { numRuns: Number(process.env.PLINTH_SPANNING_RUNS ?? 4), seed: 20260301, endOnFailure: true },
  );
  expect(seen.seals).toBeGreaterThan(4);
  expect(seen.late).toBeGreaterThan(4);
});
