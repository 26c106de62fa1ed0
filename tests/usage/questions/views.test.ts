import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../../src/database/index.js';
import { recordUsageEvent, refreshRollups } from '../../../src/usage/index.js';
import type { TestDatabase } from '../../support/database.js';
import { describeOnEveryServer } from '../../support/every-server.js';
import {
  createUsageDatabase,
  ORGANIZATION,
  OTHER_ORGANIZATION,
  ROLLUPS as rollups,
  usageEvent,
} from '../support.js';
import { plainSums } from './oracle.js';

describeOnEveryServer('the views for other tools', ({ url }) => {
  let db: TestDatabase;
  let session: Session;
  beforeAll(async () => {
    db = await createUsageDatabase(['analytics'], await url());
    session = await db.database.connect();
    await session.run("select analytics.ensure_usage_event_partitions('2026-02-27', '2026-03-03')");
    for (let index = 0; index < 60; index += 1) {
      await recordUsageEvent(
        session,
        usageEvent({
          organizationId: index % 3 === 0 ? ORGANIZATION : OTHER_ORGANIZATION,
          eventTime: new Date(Date.UTC(2026, 1, 27, (index * 5) % 96, index)),
          model: `model ${index % 3}`,
          status: index % 4 === 0 ? 500 : 200,
          currency: index % 5 === 0 ? 'EUR' : 'USD',
          latencyUs: 1000 * (index + 1),
          ...(index % 7 === 0 ? { tokens: undefined } : {}),
          ...(index % 6 === 0 ? {} : { cost: { nanos: BigInt(index) * 10_000_000n, source: 'provider' } }),
        }),
      );
    }
    await refreshRollups(session, { rollups });
  });
  afterAll(async () => {
    await session.close();
    await db.drop();
  });

  const DAY = "(e.event_time at time zone 'UTC')::date";
  const MODEL = '(select provider || name from analytics.models where id = e.model_id)';
  const BY: Readonly<Record<string, readonly [view: string, events: string]>> = {
    usage_by_hour: [
      'extract(epoch from hour)::bigint || organization_id::text',
      "extract(epoch from date_trunc('hour', e.event_time))::bigint || e.organization_id::text",
    ],
    usage_by_day: ['day || organization_id::text', `${DAY} || e.organization_id::text`],
    usage_by_month: [
      "to_char(month, 'YYYY-MM') || organization_id",
      "to_char(e.event_time at time zone 'UTC', 'YYYY-MM') || e.organization_id",
    ],
    usage_by_model: ['day || provider || model', `${DAY} || ${MODEL}`],
  };

  for (const [view, [viewKey, eventKey]] of Object.entries(BY)) {
    test(`analytics.${view} is what plain SQL over the events says`, async () => {
      const rows = await session.query<Record<string, unknown> & { key: string }>(
        `select *, (${viewKey}) || currency as key, (cost * 1000000000)::numeric(38, 0)::text as nanos from analytics.${view}`,
      );
      const plain = await plainSums(session, `(${eventKey}) || e.currency`);
      expect(rows.length).toBe(plain.size);
      for (const row of rows) {
        const sums = plain.get(row.key)!;
        expect(row).toMatchObject({
          requests: sums.requests,
          errors: sums.errors,
          error_rate: Number(sums.errors) / Number(sums.requests),
          usage_unknown: sums.usage_unknown,
          cost_unknown: sums.cost_unknown,
          nanos: row.currency === 'USD' ? sums.usd : sums.eur,
        });
        expect([String(row.input_tokens), String(row.output_tokens)]).toEqual([
          sums.input_tokens,
          sums.output_tokens,
        ]);
        if ('latency_p95_us' in row) {
          expect(Math.abs((row.latency_p95_us as number) / Number(sums.p95_us) - 1)).toBeLessThanOrEqual(
            0.01,
          );
        }
      }
    });
  }

  test('keep the last billionth of large amounts, and models that no dictionary names', async () => {
    const cost = { nanos: 9_123_456_789_123_456_789n, source: 'provider' } as const;
    const eventTime = new Date('2026-03-02T12:00:00Z');
    for (let index = 0; index < 39; index += 1) {
      await recordUsageEvent(session, usageEvent({ eventTime, currency: 'VND', cost }));
    }
    await session.run("update analytics.usage_events set model_id = 999 where currency = 'VND'");
    await refreshRollups(session, { rollups });
    for (const view of Object.keys(BY)) {
      const [row] = await session.query<{ cost: string }>(
        `select sum(cost)::text as cost from analytics.${view} where currency = 'VND'`,
      );
      expect(row, view).toEqual({ cost: '355814814775.814814771' });
    }
    expect(
      await session.query("select provider, model from analytics.usage_by_model where currency = 'VND'"),
    ).toEqual([{ provider: 'unknown', model: 'unknown' }]);
  });
});
