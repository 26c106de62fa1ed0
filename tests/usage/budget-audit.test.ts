import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/database/index.js';
import { budgetAuditText } from '../../src/report/index.js';
import { styleFor } from '../../src/report/style.js';
import { newEventId } from '../../src/usage/event-id.js';
import {
  type AuditedBudget,
  auditBudgets,
  ensureUsagePartitions,
  recordUsageEvent,
  refreshRollups,
  releaseExpiredReservations,
  reserveBudget,
  settleBudget,
} from '../../src/usage/index.js';
import type { TestDatabase } from '../support/database.js';
import { createUsageDatabase, ROLLUPS as rollups, usageEvent } from './support.js';

const HOUR_MS = 3_600_000;

let db: TestDatabase;
let session: Session;
beforeAll(async () => {
  db = await createUsageDatabase(['operational', 'analytics']);
  session = await db.database.connect();
  const now = Date.now();
  await ensureUsagePartitions(session, {
    from: new Date(now - 48 * HOUR_MS),
    to: new Date(now + 24 * HOUR_MS),
  });
});
afterAll(async () => {
  await session.close();
  await db.drop();
});

let organizations = 0;

/** An organization with a budget of a period. */
async function organization(
  period: string,
  { timeZone = 'UTC', startsAt = '2026-01-01' } = {},
): Promise<string> {
  organizations += 1;
  const [row] = await session.query<{ id: string }>(
    'insert into platform.organizations (slug, display_name, time_zone) values ($1, $1, $2) returning id',
    [`audit-${organizations}`, timeZone],
  );
  await session.query(
    `insert into platform.budgets (organization_id, name, period, currency, limit_nanos, starts_at)
     values ($1, $2, $2, 'USD', 1000000, $3)`,
    [row!.id, period, startsAt],
  );
  return row!.id;
}

interface Request {
  readonly at?: Date;
  readonly nanos: bigint;
  /** How far it gets. */
  readonly upTo?: 'reserved' | 'recorded' | 'settled';
  readonly paid?: bigint;
}

/** A request as a gateway makes it: reserved, recorded, settled. Returns the id of its event. */
async function request(
  organizationId: string,
  { at = new Date(), nanos, upTo = 'settled', paid = nanos }: Request,
) {
  const eventId = newEventId(at.getTime());
  await session.query('select platform.reserve_budget($1, $2, $3, $4, $5::interval, $6)', [
    organizationId,
    eventId,
    nanos,
    'USD',
    '1 hour',
    at,
  ]);
  if (upTo !== 'reserved') {
    const cost = { nanos, source: 'provider' } as const;
    await recordUsageEvent(session, usageEvent({ organizationId, eventId, eventTime: at, cost }));
  }
  if (upTo === 'settled') {
    await settleBudget(session, { organizationId, eventId, nanos: paid });
  }
  return eventId;
}

/** Time-outs of reservations, and the five minutes that a payment counts as recent, pass at once. */
async function timePasses(organizationId: string): Promise<void> {
  await session.query(
    `update platform.budget_reservations
        set created_at = created_at - interval '3 hours', expires_at = expires_at - interval '3 hours',
            settled_at = settled_at - interval '3 hours'
      where organization_id = $1`,
    [organizationId],
  );
  await releaseExpiredReservations(session);
}

async function audit(organizationId: string, repair = false) {
  return auditBudgets({ operational: session, analytics: session }, { rollups, organizationId, repair });
}

const told = ({ spentNanos, usageNanos, unpaid, verdict }: AuditedBudget) => [
  spentNanos,
  usageNanos,
  unpaid,
  verdict,
];

describe('a budget', () => {
  test('is equal to its usage, whether that is rolled up or not', async () => {
    const tenant = await organization('month');
    await request(tenant, { nanos: 300n });
    await refreshRollups(session, { rollups });
    await request(tenant, { nanos: 45n });
    await recordUsageEvent(
      session,
      usageEvent({
        organizationId: tenant,
        eventTime: new Date(),
        cost: { nanos: 7n, source: 'provider' },
        currency: 'EUR',
      }),
    );
    const { budgets, isExact } = await audit(tenant);
    expect(budgets.map(told)).toEqual([[345n, 345n, 0, 'equal']]);
    expect(isExact).toBe(true);
  });

  test('is under way while requests have an event and no payment, or a payment and no event', async () => {
    const tenant = await organization('month');
    await request(tenant, { nanos: 300n, upTo: 'recorded' });
    expect((await audit(tenant)).budgets.map(told)).toEqual([[0n, 300n, 0, 'under-way']]);
    const other = await organization('month');
    const eventId = await request(other, { nanos: 200n, upTo: 'reserved' });
    await settleBudget(session, { organizationId: other, eventId, nanos: 200n });
    expect((await audit(other)).budgets.map(told)).toEqual([[200n, 0n, 0, 'under-way']]);
    await timePasses(other);
    expect((await audit(other)).budgets.map(told)).toEqual([[200n, 0n, 0, 'differs']]);
  });

  test('differs when requests died before they paid; the repair pays once, raises alerts, and leaves the rest', async () => {
    const tenant = await organization('month');
    await request(tenant, { nanos: 100n });
    await request(tenant, { nanos: 900_000n, upTo: 'recorded' });
    await request(tenant, { nanos: 50n, upTo: 'reserved' });
    await timePasses(tenant);
    const found = await audit(tenant);
    expect(found.budgets.map(told)).toEqual([[100n, 900_100n, 2, 'differs']]);
    expect(found).toMatchObject({ isExact: false, repaired: { requests: 0 } });
    const repaired = await audit(tenant, true);
    expect(repaired.budgets.map(told)).toEqual([[900_100n, 900_100n, 1, 'equal']]);
    expect(repaired.repaired).toEqual({ requests: 1, nanos: 900_000n, alerts: 1 });
    expect((await audit(tenant, true)).repaired.requests).toBe(0);
    expect(budgetAuditText(found, styleFor(false))).toMatch(/2 reservations given back and never paid/);
  });

  test('that was paid another price than the event has differs, and is not rewritten', async () => {
    const tenant = await organization('month');
    await request(tenant, { nanos: 100n, paid: 90n });
    await timePasses(tenant);
    expect((await audit(tenant, true)).budgets.map(told)).toEqual([[90n, 100n, 0, 'differs']]);
  });

  test('of days in a zone half an hour off is compared to the event, at both ends of the day', async () => {
    const tenant = await organization('day', { timeZone: 'Asia/Kolkata' });
    const [day] = await session.query<{ start: Date }>(
      "select date_trunc('day', now() - interval '1 day', 'Asia/Kolkata') as start",
    );
    const start = day!.start.getTime();
    for (const [offsetMs, nanos] of [
      [-1, 1n],
      [0, 20n],
      [12 * HOUR_MS, 300n],
      [24 * HOUR_MS - 1, 4000n],
      [24 * HOUR_MS, 50_000n],
    ] as const) {
      await request(tenant, { at: new Date(start + offsetMs), nanos });
    }
    const { budgets } = await audit(tenant);
    expect(budgets.map(told)).toEqual([
      [1n, 1n, 0, 'equal'],
      [4320n, 4320n, 0, 'equal'],
      [50_000n, 50_000n, 0, 'equal'],
    ]);
    expect(budgets[1]!.periodEnd).toEqual(new Date(start + 24 * HOUR_MS));
  });

  test('without end counts from its first moment on', async () => {
    const startsAt = new Date(Date.now() - 20 * HOUR_MS + 1234);
    const tenant = await organization('total', { startsAt: startsAt.toISOString() });
    await request(tenant, { nanos: 5n });
    await recordUsageEvent(
      session,
      usageEvent({
        organizationId: tenant,
        eventTime: new Date(startsAt.getTime() - 1),
        cost: { nanos: 70n, source: 'provider' },
      }),
    );
    const { budgets } = await audit(tenant);
    expect(budgets.map(told)).toEqual([[5n, 5n, 0, 'equal']]);
    expect(budgets[0]!.periodEnd).toBeUndefined();
  });

  test('of every organization is compared when none is named', async () => {
    const { budgets } = await auditBudgets({ operational: session, analytics: session }, { rollups });
    expect(new Set(budgets.map(({ organizationId }) => organizationId)).size).toBe(organizations);
  });
});

describe('alerts', () => {
  test('are raised once, though requests that pass the threshold settle at one time and in many orders', async () => {
    const tenant = await organization('month');
    const ids = await Promise.all(
      Array.from({ length: 24 }, async () => {
        const eventId = newEventId(Date.now());
        return {
          eventId,
          ...(await reserveBudget(session, {
            organizationId: tenant,
            eventId,
            nanos: 40_000n,
            currency: 'USD',
          })),
        };
      }),
    );
    expect(ids.every(({ isGranted }) => isGranted)).toBe(true);
    const workers = await Promise.all(Array.from({ length: 8 }, () => db.database.connect()));
    const raised = await Promise.all(
      workers.map(async (worker, index) => {
        let alerts = 0;
        for (const { eventId } of ids.filter((_id, place) => place % 8 === index)) {
          alerts += await settleBudget(worker, { organizationId: tenant, eventId, nanos: 45_000n });
        }
        await worker.close();
        return alerts;
      }),
    );
    // 24 times 45,000 pass 80 % and 100 % of a million.
    expect(raised.reduce((sum, alerts) => sum + alerts, 0)).toBe(2);
    const alerts = await session.query(
      'select threshold from platform.budget_alerts where organization_id = $1 order by threshold',
      [tenant],
    );
    expect(alerts).toEqual([{ threshold: 'hard' }, { threshold: 'soft' }]);
  });
});
