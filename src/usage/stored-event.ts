/** An event as it is read: from its columns, of the database or of a file of the history. */
import type { EventCost, Operation, TOKEN_BUCKETS, UsageEvent, UsageParts } from './event.js';

/** An event as it is kept. */
export interface StoredUsageEvent extends UsageEvent {
  readonly eventId: string;
  readonly ingestedAt: Date;
  /** Who reported it. */
  readonly source: string;
  /** The import that brought it; `undefined` for one that was recorded by itself. */
  readonly batchId: string | undefined;
}

/** An event as its columns, with its model by name. */
export type StoredEventRow = Readonly<Record<(typeof TOKEN_BUCKETS)[number][1], bigint>> & {
  readonly event_id: string;
  readonly event_time: Date;
  readonly ingested_at: Date;
  readonly organization_id: string;
  readonly batch_id: string | null;
  readonly source: string;
  readonly api_key_id: string | null;
  readonly user_id: string | null;
  readonly provider: string;
  readonly model: string;
  readonly operation: Operation;
  readonly region: string | null;
  readonly status: number;
  readonly error_type: string | null;
  readonly usage_known: boolean;
  readonly ttft_us: bigint | null;
  readonly latency_us: bigint | null;
  readonly price_id: string | null;
  readonly cost_nanos: bigint | null;
  readonly currency: string;
  readonly cost_source: EventCost['source'] | null;
  readonly parts: UsageParts | null;
};

export function storedEvent(row: StoredEventRow): StoredUsageEvent {
  return {
    eventId: row.event_id,
    eventTime: row.event_time,
    ingestedAt: row.ingested_at,
    organizationId: row.organization_id,
    batchId: row.batch_id ?? undefined,
    source: row.source,
    apiKeyId: row.api_key_id ?? undefined,
    userId: row.user_id ?? undefined,
    provider: row.provider,
    model: row.model,
    operation: row.operation,
    region: row.region ?? undefined,
    status: row.status,
    errorType: row.error_type ?? undefined,
    tokens: row.usage_known ? tokensOf(row) : undefined,
    parts: row.parts ?? undefined,
    ttftUs: row.ttft_us === null ? undefined : Number(row.ttft_us),
    latencyUs: row.latency_us === null ? undefined : Number(row.latency_us),
    currency: row.currency,
    cost: costOf(row),
  };
}

function tokensOf(row: StoredEventRow): UsageEvent['tokens'] {
  return {
    inputUncached: Number(row.input_uncached_tokens),
    inputCacheRead: Number(row.input_cache_read_tokens),
    inputCacheWrite: Number(row.input_cache_write_tokens),
    outputText: Number(row.output_text_tokens),
    outputReasoning: Number(row.output_reasoning_tokens),
  };
}

function costOf({
  cost_nanos: nanos,
  cost_source: source,
  price_id: priceId,
}: StoredEventRow): EventCost | undefined {
  return nanos === null || source === null ? undefined : { nanos, source, priceId: priceId ?? undefined };
}
