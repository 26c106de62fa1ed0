/**
 * Budgets count what requests say that they cost, when they settle; rollups add up what the events cost. Both must
 * come to the same. Where they do not, a request died between its event and its payment, its price changed
 * afterwards, or usage came in that had reserved nothing. The first is repaired by paying for it: a settlement is
 * counted once, however late. The others are told: a budget is not rewritten behind the back of its owner.
 */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { inSpan } from '../../telemetry/index.js';
import { explainMissingSchema } from '../missing-schema.js';
import type { Asking } from '../question/rows.js';
import { type BudgetStatus, settleBudget } from './budget.js';
import { endOfHour, usageCost } from './usage-cost.js';

export interface BudgetAuditOptions extends Asking {
  /** All of them unless given. */
  readonly organizationId?: string;
  /** How many days back periods are looked at that have ended; 35 unless given. */
  readonly days?: number;
  /** Pay for requests whose events are there and that never settled. */
  readonly repair?: boolean;
  readonly now?: Date;
}

export interface AuditedBudget {
  readonly organizationId: string;
  readonly budgetId: string;
  readonly name: string;
  readonly period: BudgetStatus['period'];
  readonly currency: string;
  readonly periodStart: Date;
  /** Excluded; `undefined` for a total budget. */
  readonly periodEnd: Date | undefined;
  /** What requests have paid. */
  readonly spentNanos: bigint;
  readonly reservedNanos: bigint;
  /** What usage of the period has cost, by its events. */
  readonly usageNanos: bigint;
  /** Requests of the period whose cost is not known; they are in neither. */
  readonly costUnknown: bigint;
  /** Reservations that were given back and never paid: some may be of requests that were made. */
  readonly unpaid: number;
  /** `under-way`: the difference is no more than what requests hold, or have paid within five minutes. */
  readonly verdict: 'equal' | 'under-way' | 'differs';
}

export interface BudgetAudit {
  readonly budgets: readonly AuditedBudget[];
  /** True when no budget differs. */
  readonly isExact: boolean;
  /** Requests that were paid for by the repair, and what they cost together, whatever the currency. */
  readonly repaired: { readonly requests: number; readonly nanos: bigint; readonly alerts: number };
}

/** The two databases may be one. */
export interface BudgetSessions {
  readonly operational: Session;
  readonly analytics: Session;
}

/**
 * Compares what budgets have counted with what usage has cost, by period.
 * @throws USAGE_SCHEMA_MISSING, USAGE_HISTORY_UNREACHABLE
 */
export async function auditBudgets(
  sessions: BudgetSessions,
  options: BudgetAuditOptions,
): Promise<BudgetAudit> {
  return inSpan('plinth.usage.audit_budgets', {}, () =>
    explainMissingSchema('compare budgets with usage', async () => {
      const { now = new Date(), days = DEFAULT_DAYS } = options;
      const since = new Date(now.getTime() - days * DAY_MS);
      const before = await periodsOf(sessions, options, since, now);
      const repaired = options.repair ? await payUnpaid(sessions, before) : NOTHING;
      const periods = repaired.requests > 0 ? await periodsOf(sessions, options, since, now) : before;
      const budgets: AuditedBudget[] = [];
      for (const period of periods) {
        budgets.push(await audited(sessions.analytics, period, options, now));
      }
      return { budgets, isExact: budgets.every(({ verdict }) => verdict !== 'differs'), repaired };
    }),
  );
}

const DEFAULT_DAYS = 35;
const DAY_MS = 86_400_000;
/** Between its payment and its event a request may take so long. */
const RECENT_MS = 5 * 60_000;
const NOTHING: BudgetAudit['repaired'] = { requests: 0, nanos: 0n, alerts: 0 };

interface PeriodRow {
  readonly organization_id: string;
  readonly budget_id: string;
  readonly name: string;
  readonly period: BudgetStatus['period'];
  readonly currency: string;
  readonly period_start: Date;
  readonly period_end: Date | null;
  readonly spent_nanos: string;
  readonly reserved_nanos: string;
  readonly recent_nanos: string;
  readonly unpaid: bigint;
}

function periodsOf(
  { operational }: BudgetSessions,
  { organizationId }: BudgetAuditOptions,
  since: Date,
  now: Date,
): Promise<PeriodRow[]> {
  return operational.query<PeriodRow>(readPackageFile('src/usage/budget/budget-periods.sql'), [
    organizationId ?? null,
    since,
    new Date(now.getTime() - RECENT_MS),
  ]);
}

async function audited(
  analytics: Session,
  row: PeriodRow,
  { rollups, history }: BudgetAuditOptions,
  now: Date,
): Promise<AuditedBudget> {
  const end = endOfHour(now);
  const cost = await usageCost(analytics, {
    rollups,
    ...(history ? { history } : {}),
    organizationId: row.organization_id,
    currency: row.currency,
    from: row.period_start,
    to: row.period_end && row.period_end < end ? row.period_end : end,
  });
  const [spentNanos, reservedNanos] = [BigInt(row.spent_nanos), BigInt(row.reserved_nanos)];
  const missing = cost.nanos - spentNanos;
  const isUnderWay = missing > 0n ? missing <= reservedNanos : -missing <= BigInt(row.recent_nanos);
  return {
    organizationId: row.organization_id,
    budgetId: row.budget_id,
    name: row.name,
    period: row.period,
    currency: row.currency,
    periodStart: row.period_start,
    periodEnd: row.period_end ?? undefined,
    spentNanos,
    reservedNanos,
    usageNanos: cost.nanos,
    costUnknown: cost.unknown,
    unpaid: Number(row.unpaid),
    verdict: missing === 0n ? 'equal' : isUnderWay ? 'under-way' : 'differs',
  };
}

const UNPAID_AT_ONCE = 1000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Settles requests that were given up and whose events say what they cost. */
async function payUnpaid(
  { operational, analytics }: BudgetSessions,
  periods: readonly PeriodRow[],
): Promise<BudgetAudit['repaired']> {
  const organizations = new Map<string, Date>();
  for (const { organization_id: id, period_start, unpaid } of periods) {
    const first = organizations.get(id);
    if (unpaid > 0n && (!first || period_start < first)) {
      organizations.set(id, period_start);
    }
  }
  let { requests, nanos, alerts } = NOTHING;
  for (const [organizationId, from] of organizations) {
    for (let after = FIRST_ID; ; ) {
      const ids = await operational.query<{ id: string }>(
        readPackageFile('src/usage/budget/unpaid-reservations.sql'),
        [organizationId, from, after, UNPAID_AT_ONCE],
      );
      const costs = await analytics.query<{ id: string; cost_nanos: bigint }>(
        readPackageFile('src/usage/budget/event-costs.sql'),
        [organizationId, ids.map(({ id }) => id)],
      );
      for (const { id, cost_nanos } of costs) {
        alerts += await settleBudget(operational, { organizationId, eventId: id, nanos: cost_nanos });
        requests += 1;
        nanos += cost_nanos;
      }
      if (ids.length < UNPAID_AT_ONCE) {
        break;
      }
      after = ids.at(-1)!.id;
    }
  }
  return { requests, nanos, alerts };
}
