/**
 * Prices the events of a span again, by the price list as it is now. Events that a provider priced keep their cost.
 * Some thousand at a time, each batch in a transaction of its own that also keeps what the events cost before; the
 * change marks their hours, and the rollups follow as after any other.
 */
import { type OnProgress, readPackageFile, silent } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { type Money, type Operation, TOKEN_BUCKETS, type UsageEvent, type UsageParts } from '../event.js';
import type { TimeRange } from '../grain.js';
import { usageSegments } from '../history/segments.js';
import { explainMissingSchema } from '../missing-schema.js';
import { eventCost } from './event-cost.js';
import type { PriceList } from './price-list.js';
import { priceFinder } from './price-timeline.js';

export interface RepriceOptions extends TimeRange {
  readonly prices: PriceList;
  /** Why, in 1 to 500 characters: it is kept with every correction. */
  readonly reason: string;
  readonly organizationId?: string;
  /** Only tell what would change. */
  readonly dryRun?: boolean;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

export interface Repriced {
  /** Events that were looked at. */
  readonly events: number;
  readonly corrected: number;
  /** Events whose cost is still not known. */
  readonly unknown: number;
  /** What the corrected events cost before and after, by currency. */
  readonly before: readonly Money[];
  readonly after: readonly Money[];
}

const BATCH_EVENTS = 5000;

/**
 * @throws USAGE_SCHEMA_MISSING; USAGE_OPTION_INVALID for a reason of another length; USAGE_DAY_SEALED when some of the
 * span has moved to the history; USAGE_CANCELLED between two batches, those before stay done
 */
export async function repriceUsage(session: Session, options: RepriceOptions): Promise<Repriced> {
  const { reason, signal, onProgress = silent } = options;
  if (reason.length < 1 || reason.length > 500) {
    throw USAGE_ERRORS.OPTION_INVALID({
      message: 'Cannot price usage again: the reason has another length (1 to 500 characters were wanted)',
      details: { option: 'reason' },
    });
  }
  await refuseSealedDays(session, options);
  const findPrices = priceFinder(options.prices);
  const tally = { events: 0, corrected: 0, unknown: 0 };
  const before = new Map<string, bigint>();
  const after = new Map<string, bigint>();
  for (let last: EventRow | undefined, rows: EventRow[] = []; ; last = rows.at(-1)) {
    if (signal?.aborted) {
      throw USAGE_ERRORS.CANCELLED({ message: `Stopped pricing usage again after ${tally.events} events` });
    }
    rows = await nextEvents(session, options, last);
    const corrections = rows.flatMap((row) => {
      const cost = eventCost(eventOf(row), findPrices);
      tally.unknown += cost ? 0 : 1;
      return cost?.nanos === (row.cost_nanos ?? undefined) ? [] : [{ row, cost }];
    });
    tally.corrected += options.dryRun
      ? corrections.length
      : await correct(
          session,
          corrections.map(({ row, cost }) => correctionOf(row, cost)),
          reason,
        );
    for (const { row, cost } of corrections) {
      before.set(row.currency, (before.get(row.currency) ?? 0n) + (row.cost_nanos ?? 0n));
      after.set(row.currency, (after.get(row.currency) ?? 0n) + (cost?.nanos ?? 0n));
    }
    tally.events += rows.length;
    onProgress({ task: 'price usage', done: tally.events, unit: 'events' });
    if (rows.length < BATCH_EVENTS) {
      onProgress({ task: 'price usage', state: 'done' });
      return { ...tally, before: moneyOf(before), after: moneyOf(after) };
    }
  }
}

/** What is in a file keeps its cost, and a late copy of it in the database does not count. */
async function refuseSealedDays(session: Session, range: TimeRange): Promise<void> {
  const [first, ...others] = await usageSegments(session, range);
  if (first) {
    throw USAGE_ERRORS.DAY_SEALED({
      message: `Cannot price usage again: ${first.day}${others.length > 0 ? ` and ${others.length} more of these days are` : ' is'} in the history (days of the database alone were wanted)`,
      details: { days: [first, ...others].map(({ day }) => day) },
    });
  }
}

type EventRow = Readonly<Record<(typeof TOKEN_BUCKETS)[number][1], bigint>> & {
  readonly organization_id: string;
  readonly event_time: Date;
  readonly event_id: string;
  readonly provider: string;
  readonly model: string;
  readonly operation: Operation;
  readonly status: number;
  readonly currency: string;
  readonly parts: UsageParts | null;
  readonly cost_nanos: bigint | null;
  readonly price_id: string | null;
};

function nextEvents(
  session: Session,
  { from, to, organizationId }: RepriceOptions,
  last: EventRow | undefined,
): Promise<EventRow[]> {
  return explainMissingSchema('price usage again', () =>
    session.query<EventRow>(readPackageFile('src/usage/price/events-to-price.sql'), [
      from,
      to,
      organizationId ?? null,
      last?.event_time ?? null,
      last?.organization_id ?? null,
      last?.event_id ?? null,
      BATCH_EVENTS,
    ]),
  );
}

function eventOf(row: EventRow): UsageEvent {
  const tokens = Object.fromEntries(TOKEN_BUCKETS.map(([bucket, column]) => [bucket, Number(row[column])]));
  return {
    organizationId: row.organization_id,
    eventTime: row.event_time,
    provider: row.provider,
    model: row.model,
    operation: row.operation,
    status: row.status,
    currency: row.currency,
    tokens: tokens as unknown as NonNullable<UsageEvent['tokens']>,
    ...(row.parts ? { parts: row.parts } : {}),
  };
}

function correctionOf(row: EventRow, cost: ReturnType<typeof eventCost>): object {
  return {
    organization_id: row.organization_id,
    event_time: row.event_time,
    event_id: row.event_id,
    old_cost_nanos: row.cost_nanos?.toString() ?? null,
    new_cost_nanos: cost?.nanos.toString() ?? null,
    old_price_id: row.price_id,
    new_price_id: cost?.priceId ?? null,
  };
}

async function correct(session: Session, corrections: readonly object[], reason: string): Promise<number> {
  if (corrections.length === 0) {
    return 0;
  }
  const [row] = await session.query<{ corrected: bigint }>(
    readPackageFile('src/usage/price/correct-costs.sql'),
    [JSON.stringify(corrections), reason],
  );
  return Number(row!.corrected);
}

function moneyOf(sums: ReadonlyMap<string, bigint>): Money[] {
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, nanos]) => ({ currency, nanos }));
}
