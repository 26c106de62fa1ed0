/**
 * Spending against budgets: a request reserves the most that it can cost before it is made, and pays what it cost
 * after. The functions that do it are in the database (db/migrations/operational, budget_counters), so that services
 * in any language call the same ones; here they are calls of the library.
 */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { explainMissingSchema } from '../missing-schema.js';

export interface Reservation {
  readonly organizationId: string;
  /** The request: the id of its usage event. */
  readonly eventId: string;
  /** The most that it can cost, in billionths of the currency unit. */
  readonly nanos: bigint;
  /** ISO 4217 code. */
  readonly currency: string;
  /** How long it is held for a request that never settles, in seconds; 900 unless given. */
  readonly holdSeconds?: number;
}

export interface Reserved {
  /** False when a budget has not enough left: nothing is reserved then. */
  readonly isGranted: boolean;
  /** The budget that refused. */
  readonly refusedBy: string | undefined;
}

/**
 * Reserves a part of every living budget of the currency, or of none. Safe to repeat. An organization without budgets
 * is granted everything.
 * @throws USAGE_SCHEMA_MISSING, USAGE_OPTION_INVALID
 */
export async function reserveBudget(session: Session, reservation: Reservation): Promise<Reserved> {
  const { organizationId, eventId, nanos, currency, holdSeconds = 900 } = reservation;
  checkNanos(nanos);
  const [row] = await explainMissingSchema('reserve a part of a budget', () =>
    session.query<{ granted: boolean; refused_by: string | null }>(
      'select granted, refused_by from platform.reserve_budget($1, $2, $3, $4, make_interval(secs => $5))',
      [organizationId, eventId, nanos, currency, holdSeconds],
      { name: 'plinth_reserve_budget' },
    ),
  );
  return { isGranted: row!.granted, refusedBy: row!.refused_by ?? undefined };
}

export interface Settlement {
  readonly organizationId: string;
  readonly eventId: string;
  /** What the request cost, in billionths of the currency unit. */
  readonly nanos: bigint;
}

/**
 * Replaces what a request holds by what it cost, and raises the alerts of thresholds that are passed, each once. Safe
 * to repeat: the first cost counts. Returns how many alerts are new.
 * @throws USAGE_SCHEMA_MISSING, USAGE_OPTION_INVALID
 */
export async function settleBudget(session: Session, settlement: Settlement): Promise<number> {
  const { organizationId, eventId, nanos } = settlement;
  checkNanos(nanos);
  const [row] = await explainMissingSchema('settle a reservation of a budget', () =>
    session.query<{ alerts: number }>(
      'select platform.settle_budget($1, $2, $3) as alerts',
      [organizationId, eventId, nanos],
      {
        name: 'plinth_settle_budget',
      },
    ),
  );
  return row!.alerts;
}

/** Gives back what a request holds that will not be made. Returns of how many budgets. @throws USAGE_SCHEMA_MISSING */
export async function releaseBudget(
  session: Session,
  { organizationId, eventId }: Omit<Settlement, 'nanos'>,
): Promise<number> {
  const [row] = await explainMissingSchema('release a reservation of a budget', () =>
    session.query<{ released: number }>('select platform.release_budget($1, $2) as released', [
      organizationId,
      eventId,
    ]),
  );
  return row!.released;
}

/** Gives back reservations that have run out. Returns how many. @throws USAGE_SCHEMA_MISSING */
export async function releaseExpiredReservations(session: Session): Promise<number> {
  const BATCH = 1000;
  let released = 0;
  for (let last = BATCH; last >= BATCH; released += last) {
    const [row] = await explainMissingSchema('release reservations that have run out', () =>
      session.query<{ released: number }>(
        'select platform.release_expired_budget_reservations($1) as released',
        [BATCH],
      ),
    );
    last = row!.released;
  }
  return released;
}

export interface BudgetStatus {
  readonly budgetId: string;
  readonly name: string;
  readonly period: 'day' | 'week' | 'month' | 'total';
  readonly currency: string;
  /** In the time zone of the organization. */
  readonly periodStart: Date;
  readonly limitNanos: bigint;
  readonly spentNanos: bigint;
  /** Held by requests that are under way. */
  readonly reservedNanos: bigint;
  /** What is spent, in percent of the limit. */
  readonly spentPercent: number;
  readonly softThresholdPercent: number;
  readonly hardThresholdPercent: number;
  /** Thresholds that have raised an alert in this period. */
  readonly alerts: readonly ('soft' | 'hard')[];
}

/** The living budgets of an organization, as they stand at a time; now unless given. @throws USAGE_SCHEMA_MISSING */
export async function budgetStatus(
  session: Session,
  { organizationId, at = new Date() }: { readonly organizationId: string; readonly at?: Date },
): Promise<BudgetStatus[]> {
  const rows = await explainMissingSchema('read budgets', () =>
    session.query<StatusRow>(readPackageFile('src/usage/budget/budget-status.sql'), [organizationId, at]),
  );
  return rows.map((row) => ({
    budgetId: row.id,
    name: row.name,
    period: row.period,
    currency: row.currency,
    periodStart: row.period_start,
    limitNanos: row.limit_nanos,
    spentNanos: BigInt(row.spent_nanos),
    reservedNanos: BigInt(row.reserved_nanos),
    spentPercent: Number((BigInt(row.spent_nanos) * 10_000n) / row.limit_nanos) / 100,
    softThresholdPercent: Number(row.soft_threshold_percent),
    hardThresholdPercent: Number(row.hard_threshold_percent),
    alerts: row.alerts,
  }));
}

interface StatusRow {
  readonly id: string;
  readonly name: string;
  readonly period: BudgetStatus['period'];
  readonly currency: string;
  readonly period_start: Date;
  readonly limit_nanos: bigint;
  readonly soft_threshold_percent: bigint;
  readonly hard_threshold_percent: bigint;
  readonly spent_nanos: string;
  readonly reserved_nanos: string;
  readonly alerts: readonly ('soft' | 'hard')[];
}

const LARGEST_NANOS = 2n ** 63n - 1n;

function checkNanos(nanos: bigint): void {
  if (nanos < 0n || nanos > LARGEST_NANOS) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message:
        'Cannot use a budget: the amount is out of bounds (0 to 9223372036854775807 billionths were wanted)',
      details: { option: 'nanos' },
    });
  }
}
