/** Events of usage as a person reads them. */
import type { Style } from './style.js';
import { type Column, table } from './table.js';
import { formatDuration, formatMoney, formatShort, plural } from './units.js';
import type { Range } from './usage-sums.js';
import { formatZonedTime } from './zoned-time.js';

export interface EventsView {
  readonly range: Range;
  readonly timeZone: string;
  readonly events: readonly {
    readonly eventTime: Date;
    readonly eventId: string;
    readonly provider: string;
    readonly model: string;
    readonly operation: string;
    readonly status: number;
    readonly errorType?: string | undefined;
    readonly tokens:
      | Readonly<
          Record<
            'inputUncached' | 'inputCacheRead' | 'inputCacheWrite' | 'outputText' | 'outputReasoning',
            number
          >
        >
      | undefined;
    readonly latencyUs?: number | undefined;
    readonly currency: string;
    readonly cost?: { readonly nanos: bigint } | undefined;
  }[];
}

/** Events, a line each. */
export function eventsText({ events, range, timeZone }: EventsView, style: Style): string {
  const span = `${formatZonedTime(range.from, timeZone)} to ${formatZonedTime(range.to, timeZone)} ${timeZone}`;
  const rows = events.map(({ tokens, ...event }) => [
    `  ${formatZonedTime(event.eventTime, timeZone)}`,
    event.eventId,
    `${event.provider} ${event.model}`,
    event.operation,
    event.status >= 400 || event.errorType
      ? style.bad(`${event.status} ${event.errorType ?? ''}`.trim())
      : String(event.status),
    tokens ? formatShort(tokens.inputUncached + tokens.inputCacheRead + tokens.inputCacheWrite) : '?',
    tokens ? formatShort(tokens.outputText + tokens.outputReasoning) : '?',
    event.cost ? formatMoney(event.cost.nanos, event.currency) : '?',
    event.latencyUs === undefined ? '?' : formatDuration(event.latencyUs / 1000),
  ]);
  return [
    ...(rows.length === 0 ? [] : [table(EVENT_COLUMNS, rows, style.faint)]),
    style.faint(`  ${plural(events.length, 'event')}, ${span}`),
  ].join('\n');
}

const EVENT_COLUMNS: readonly Column[] = [
  { title: '  time' },
  { title: 'event' },
  { title: 'model' },
  { title: 'operation' },
  { title: 'status' },
  { title: 'input tok', align: 'right' },
  { title: 'output tok', align: 'right' },
  { title: 'cost', align: 'right' },
  { title: 'latency', align: 'right' },
];
