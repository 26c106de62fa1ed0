import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../../src/database/index.js';
import {
  type GroupBy,
  type QuestionGrain,
  refreshRollups,
  usageGroups,
  usageTrend,
} from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import { anyEventRow, insertEvents, prepareDays } from '../rollups/event-rows.js';
import {
  createUsageDatabase,
  EMPTY_USAGE,
  ORGANIZATION,
  OTHER_ORGANIZATION,
  ROLLUPS as rollups,
} from '../support.js';
import { comparable, isNear, plainSums, withoutPercentile } from './oracle.js';

const SPAN = { from: new Date('2025-12-31T21:00:00Z'), to: new Date('2026-01-01T03:00:00Z') };
const KEY = '0190a002-0000-7000-8000-000000000001';
const USER = '0190a003-0000-7000-8000-000000000001';
const MODELS = [
  { provider: 'acme', model: 'large' },
  { provider: 'umbra', model: 'small' },
];

const zones = fc.constantFrom('UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata');
const filters = fc.record(
  {
    organizationId: fc.constantFrom(ORGANIZATION, OTHER_ORGANIZATION),
    provider: fc.constantFrom('acme', 'umbra', 'nobody'),
    apiKeyId: fc.constant(KEY),
    userId: fc.constant(USER),
  },
  { requiredKeys: [] },
);

describe('questions about random events', () => {
  let db: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    db = await createUsageDatabase();
    session = await db.database.connect();
    await prepareDays(session);
    for (const { provider, model } of MODELS) {
      await session.query('insert into analytics.models (provider, name) values ($1, $2)', [provider, model]);
    }
  });
  afterAll(async () => {
    await session.close();
    await db.drop();
  });

  /** Some of the events rolled up, the others as marks. */
  async function load(rows: Parameters<typeof insertEvents>[1], rolledUp: number): Promise<void> {
    await session.run(EMPTY_USAGE);
    await insertEvents(session, rows.slice(0, rolledUp));
    await refreshRollups(session, { rollups });
    await insertEvents(session, rows.slice(rolledUp));
  }

  const conditions = (filter: Partial<Record<string, string>>) => ({
    where: `($1::uuid is null or e.organization_id = $1) and ($2::text is null or e.model_id in (select id from analytics.models where provider = $2)) and ($3::uuid is null or e.api_key_id = $3) and ($4::uuid is null or e.user_id = $4)`,
    values: [filter.organizationId, filter.provider, filter.apiKeyId, filter.userId].map(
      (one) => one ?? null,
    ),
  });

  test('a trend is what plain SQL says, by every grain, in every zone, under every filter', async () => {
    const grains = fc.constantFrom<QuestionGrain>('minute', 'quarter-hour', 'hour', 'day', 'week', 'month');
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEventRow, { minLength: 1, maxLength: 40 }),
        fc.nat(40),
        fc.array(fc.tuple(grains, zones, filters), { minLength: 6, maxLength: 6 }),
        async (rows, rolledUp, questions) => {
          await load(rows, rolledUp);
          for (const [grain, timeZone, filter] of questions) {
            const bucket =
              grain === 'quarter-hour'
                ? "date_bin('15 minutes', e.event_time, '2000-01-01 00:00Z')"
                : `date_trunc('${grain}', e.event_time, '${timeZone}')`;
            const plain = await plainSums(
              session,
              `extract(epoch from ${bucket})::bigint`,
              conditions(filter),
            );
            const { points, source, total } = await usageTrend(session, {
              rollups,
              ...SPAN,
              grain,
              timeZone,
              ...filter,
            });
            const asked = points.filter(({ requests }) => requests > 0n);
            expect(asked.length).toBe(plain.size);
            for (const point of asked) {
              const sums = plain.get(String(point.bucketStart.getTime() / 1000))!;
              expect(comparable(point)).toEqual(withoutPercentile(sums));
              expect(!source.hasPercentiles || isNear(point.latency?.p95Us, sums.p95_us)).toBe(true);
            }
            expect(total.requests).toBe(points.reduce((sum, { requests }) => sum + requests, 0n));
            for (const [index, point] of points.entries()) {
              expect(point.bucketEnd).toEqual(points[index + 1]?.bucketStart ?? point.bucketEnd);
            }
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  test('groups are what plain SQL says, ranked by every measure', async () => {
    const keys: Readonly<Record<GroupBy, string>> = {
      organization: 'e.organization_id',
      provider: '(select provider from analytics.models where id = e.model_id)',
      model: "(select provider || ' ' || name from analytics.models where id = e.model_id)",
      key: "e.organization_id || ' ' || coalesce(e.api_key_id::text, 'null')",
      user: "e.organization_id || ' ' || coalesce(e.user_id::text, 'null')",
      operation: 'e.operation',
      status: 'e.status',
      region: "coalesce(e.region, 'null')",
    };
    const groupings = fc.constantFrom(...(Object.keys(keys) as GroupBy[]));
    const measures = fc.constantFrom('requests', 'tokens', 'cost', 'errors');
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEventRow, { minLength: 1, maxLength: 40 }),
        fc.nat(40),
        fc.array(fc.tuple(groupings, measures, filters, fc.integer({ min: 1, max: 5 })), {
          minLength: 6,
          maxLength: 6,
        }),
        async (rows, rolledUp, questions) => {
          await load(rows, rolledUp);
          for (const [by, measure, filter, limit] of questions) {
            const plain = await plainSums(session, keys[by], conditions(filter));
            const rank = ({
              requests,
              errors,
              input_tokens,
              output_tokens,
              usd,
            }: ReturnType<typeof comparable>) =>
              ({ requests, errors, tokens: BigInt(input_tokens) + BigInt(output_tokens), cost: BigInt(usd) })[
                measure
              ];
            const answer = await usageGroups(session, { rollups, ...SPAN, by, measure, limit, ...filter });
            expect(answer.groups.length).toBe(Math.min(limit, plain.size));
            const best = [...plain.values()].map(rank).sort((a, b) => (a < b ? 1 : -1));
            for (const [index, group] of answer.groups.entries()) {
              const sums =
                plain.get(Object.values(group.key).join(' ') || 'null') ??
                plain.get(Object.values(group.key).map(String).join(' '))!;
              expect(comparable(group)).toEqual(withoutPercentile(sums));
              expect(rank(comparable(group))).toBe(best[index]);
            }
            const [all] = (await plainSums(session, "'all'", conditions(filter))).values();
            expect(answer.total.requests).toBe(all?.requests ?? 0n);
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});
