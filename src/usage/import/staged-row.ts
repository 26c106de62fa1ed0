/** An event as a line of `copy … from stdin` in text form, in the order of the staging table's columns. */
import { type EventCost, TOKEN_BUCKETS, type UsageEvent } from '../event.js';

export const STAGED_COLUMNS = [
  'event_id',
  'organization_id',
  'api_key_id',
  'user_id',
  'model_index',
  'operation',
  'region',
  'status',
  'error_type',
  'usage_known',
  ...TOKEN_BUCKETS.map(([, column]) => column),
  'ttft_us',
  'latency_us',
  'price_id',
  'cost_nanos',
  'currency',
  'cost_source',
  'parts',
] as const;

const NULL = '\\N';

/** What an import settles for an event that the event itself may leave open. */
export interface Settled {
  readonly eventId: string;
  /** The place of its model among those of the import. */
  readonly modelIndex: number;
  readonly cost: EventCost | undefined;
}

export function stagedRow(event: UsageEvent, { eventId, modelIndex, cost }: Settled): string {
  const { tokens } = event;
  return (
    `${eventId}\t${event.organizationId}\t${event.apiKeyId ?? NULL}\t${event.userId ?? NULL}\t${modelIndex}\t` +
    `${event.operation}\t${event.region ?? NULL}\t${event.status}\t${escaped(event.errorType)}\t` +
    (tokens
      ? `t\t${tokens.inputUncached}\t${tokens.inputCacheRead}\t${tokens.inputCacheWrite}\t${tokens.outputText}\t${tokens.outputReasoning}\t`
      : 'f\t0\t0\t0\t0\t0\t') +
    `${event.ttftUs ?? NULL}\t${event.latencyUs ?? NULL}\t${cost?.priceId ?? NULL}\t${cost?.nanos ?? NULL}\t` +
    `${event.currency}\t${cost?.source ?? NULL}\t${event.parts ? JSON.stringify(event.parts) : NULL}\n`
  );
}

/** Control characters are refused before; one that came here all the same must not become another column or row. */
function escaped(text: string | undefined): string {
  return text === undefined ? NULL : text.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character]!);
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
