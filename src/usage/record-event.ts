/** What a service does with usage: writes an event when a request is over, and reads one back. */
import { readPackageFile } from '../core/index.js';
import { type Session, sqlstateOf } from '../database/index.js';
import { CLOSED } from './closed-day.js';
import { USAGE_ERRORS } from './errors.js';
import { type EventCost, MAX_LATENCY_US, MAX_TOKENS, TOKEN_BUCKETS, type UsageEvent } from './event.js';
import { derivedEventId, eventIdTimeMs, newEventId } from './event-id.js';
import { inBounds, TIME_WANTED } from './event-time.js';
import { explainMissingSchema } from './missing-schema.js';
import { modelIds } from './models.js';
import { eventCost } from './price/event-cost.js';
import type { FindPrices } from './price/price-timeline.js';

// Read once: a service comes here for every request.
const RECORD_EVENT = readPackageFile('src/usage/record-event.sql');

export interface RecordOptions {
  /** Who reports the event; `gateway` unless given. */
  readonly source?: string;
  /** Prices for an event that brings no cost; see `priceFinder`. */
  readonly findPrices?: FindPrices;
}

export interface RecordedEvent {
  readonly eventId: string;
  /** False when the event was there already; nothing is changed then. */
  readonly isNew: boolean;
  readonly cost: EventCost | undefined;
}

/**
 * Records an event. Safe to repeat with the same `eventId`: it is there once. A day that has moved to the history is made
 * again for it, outside a transaction of the caller.
 * @throws USAGE_EVENT_INVALID; USAGE_PARTITION_MISSING when its day has not been made; USAGE_DAY_CLOSED while its day is
 * moved to the history: try again; USAGE_SCHEMA_MISSING
 */
export async function recordUsageEvent(
  session: Session,
  event: UsageEvent,
  options: RecordOptions = {},
): Promise<RecordedEvent> {
  const { eventId, cost } = settledEvent(event, options);
  return explainMissingSchema('record a usage event', async () => {
    const inserted = await explainRefusal(event, async () => {
      const [modelId] = await modelIds(session, [{ provider: event.provider, name: event.model }]);
      const values = valuesOf(event, {
        eventId,
        cost,
        modelId: modelId!,
        source: options.source ?? DEFAULT_SOURCE,
      });
      const insert = () => session.query(RECORD_EVENT, values, { name: 'plinth_record_event' });
      return insert().catch(async (cause: unknown) => {
        if (isWithoutPartition(cause) && (await reopenDay(session, event))) {
          return insert();
        }
        throw cause;
      });
    });
    return { eventId, isNew: inserted.length > 0, cost };
  });
}

/** The id and the cost that an event is recorded with. @throws USAGE_EVENT_INVALID */
export function settledEvent(
  event: UsageEvent,
  { source = DEFAULT_SOURCE, findPrices }: RecordOptions,
): Omit<RecordedEvent, 'isNew'> {
  const timeMs = checkedTimeMs(event);
  checkNumbers(event);
  const { organizationId, foreignId } = event;
  const eventId =
    event.eventId ??
    (foreignId === undefined
      ? newEventId(timeMs)
      : derivedEventId(timeMs, { source, organizationId, line: 0, raw: foreignId }));
  if (eventIdTimeMs(eventId) !== timeMs) {
    throw invalid('its event_id does not hold its time', 'a UUID of version 7 of that millisecond');
  }
  return { eventId, cost: event.cost ?? (findPrices && eventCost(event, findPrices)) };
}

/** Who reports events unless told. */
export const DEFAULT_SOURCE = 'gateway';

function checkedTimeMs(event: UsageEvent): number {
  const timeMs = event.eventTime.getTime();
  if (!inBounds(timeMs)) {
    throw invalid('its time is out of bounds', TIME_WANTED);
  }
  return timeMs;
}

/** JSON has no NaN: it would become null, and that a count of zero. */
function checkNumbers({ tokens, parts, ttftUs, latencyUs }: UsageEvent): void {
  const numbers = [
    ...Object.entries({ ...tokens, ...parts }).map(([name, value]) => [name, value, MAX_TOKENS] as const),
    ['ttftUs', ttftUs, MAX_LATENCY_US] as const,
    ['latencyUs', latencyUs, MAX_LATENCY_US] as const,
  ];
  for (const [name, value, most] of numbers) {
    if (value !== undefined && value !== null && !(Number.isInteger(value) && value >= 0 && value <= most)) {
      throw invalid(`its ${name} is ${String(value)}`, `a whole number from 0 to ${most}`);
    }
  }
}

interface Resolved {
  readonly eventId: string;
  readonly source: string;
  readonly modelId: number;
  readonly cost: EventCost | undefined;
}

function valuesOf(event: UsageEvent, { eventId, source, modelId, cost }: Resolved): unknown[] {
  const { tokens } = event;
  return [
    event.organizationId,
    eventId,
    source,
    tokens ? TOKEN_BUCKETS.map(([bucket]) => tokens[bucket]) : null,
    event.apiKeyId,
    event.userId,
    modelId,
    event.operation,
    event.region,
    event.status,
    event.errorType,
    event.ttftUs,
    event.latencyUs,
    cost?.priceId,
    cost?.nanos,
    event.currency,
    cost?.source,
    event.parts,
  ];
}

/** SQLSTATEs of a value that its column cannot have: checks, not null, types, ranges, lengths. */
const REFUSED = ['23514', '23502', '22P02', '22003', '22001', '22021'];

/** A check that fails has a name; a row without a partition fails none. */
function isWithoutPartition(cause: unknown): boolean {
  const { details } = cause as { readonly details?: { readonly constraint?: string } };
  return sqlstateOf(cause) === '23514' && details?.constraint === undefined;
}

/** The SQLSTATE of a statement in a transaction that has failed. */
const IN_FAILED_TRANSACTION = '25P02';

/** @returns whether the day is in the history, and can take late events now */
async function reopenDay(session: Session, { eventTime }: UsageEvent): Promise<boolean> {
  try {
    const [row] = await session.query<{ reopened: boolean }>(
      'select analytics.reopen_usage_day($1) as reopened',
      [eventTime],
    );
    return row!.reopened;
  } catch (error) {
    if (sqlstateOf(error) === IN_FAILED_TRANSACTION) {
      return false;
    }
    throw error;
  }
}

async function explainRefusal<T>(event: UsageEvent, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const sqlstate = sqlstateOf(cause) ?? '';
    const constraint = (cause as { details?: { constraint?: string } }).details?.constraint;
    if (isWithoutPartition(cause)) {
      throw USAGE_ERRORS.PARTITION_MISSING({
        message: `Cannot record a usage event: ${event.eventTime.toISOString().slice(0, 10)} has no partition (the day's partition was wanted)`,
        cause,
      });
    }
    if (sqlstate === CLOSED) {
      throw USAGE_ERRORS.DAY_CLOSED({
        message: `Cannot record a usage event: ${event.eventTime.toISOString().slice(0, 10)} is being moved to the history`,
        cause,
      });
    }
    if (REFUSED.includes(sqlstate)) {
      throw invalid(
        `the database refuses it${constraint ? ` by ${constraint}` : ''}`,
        'values that the table allows',
        cause,
      );
    }
    throw cause;
  }
}

function invalid(found: string, wanted: string, cause?: unknown): Error {
  return USAGE_ERRORS.EVENT_INVALID({
    message: `Cannot record a usage event: ${found} (${wanted} was wanted)`,
    cause,
  });
}
