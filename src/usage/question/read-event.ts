/** One event by its key, wherever it is kept. */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { eventIdTimeMs, isUuid } from '../event-id.js';
import type { HistoryFiles } from '../history/segments.js';
import { explainMissingSchema } from '../missing-schema.js';
import { type StoredEventRow, type StoredUsageEvent, storedEvent } from '../stored-event.js';
import { usageEvents } from './events.js';

const READ_EVENT = readPackageFile('src/usage/question/read-event.sql');

/** More than a file can hold of one organization's millisecond. */
const ALL = 1_000_000;

export interface EventKey {
  readonly organizationId: string;
  readonly eventId: string;
  /** Where the history is; an event of a day that is there needs it. */
  readonly history?: HistoryFiles;
}

/**
 * Reads an event by its key; `undefined` when there is none.
 * @throws USAGE_HISTORY_UNREACHABLE, USAGE_SCHEMA_MISSING
 */
export async function readUsageEvent(
  session: Session,
  { organizationId, eventId, history }: EventKey,
): Promise<StoredUsageEvent | undefined> {
  const timeMs = isUuid(eventId) ? eventIdTimeMs(eventId) : undefined;
  if (timeMs === undefined || !isUuid(organizationId)) {
    return undefined;
  }
  const [row] = await explainMissingSchema('read a usage event', () =>
    session.query<StoredEventRow & { readonly is_in_history: boolean }>(
      READ_EVENT,
      [organizationId, eventId],
      { name: 'plinth_read_event' },
    ),
  );
  if (!row!.is_in_history) {
    return row!.event_id === null ? undefined : storedEvent(row!);
  }
  const [from, to] = [new Date(timeMs), new Date(timeMs + 1)];
  const events = await usageEvents(session, {
    organizationId,
    from,
    to,
    limit: ALL,
    ...(history ? { history } : {}),
  });
  return events.find((event) => event.eventId === eventId.toLowerCase());
}
