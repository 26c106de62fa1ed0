/** What a usage event is: one request to a model, as it was reported. No prompts and no answers, ever. */

/**
 * Tokens by what they were: five buckets that do not overlap, because providers differ in what their totals
 * include. Input is the sum of the first three, output of the last two.
 */
export interface TokenCounts<Count = number> {
  readonly inputUncached: Count;
  readonly inputCacheRead: Count;
  readonly inputCacheWrite: Count;
  readonly outputText: Count;
  readonly outputReasoning: Count;
}

/** The five buckets and their columns in every table of usage. */
export const TOKEN_BUCKETS = [
  ['inputUncached', 'input_uncached_tokens'],
  ['inputCacheRead', 'input_cache_read_tokens'],
  ['inputCacheWrite', 'input_cache_write_tokens'],
  ['outputText', 'output_text_tokens'],
  ['outputReasoning', 'output_reasoning_tokens'],
] as const satisfies readonly (readonly [keyof TokenCounts, string])[];

export const OPERATIONS = [
  'chat',
  'text_completion',
  'generate_content',
  'embeddings',
  'rerank',
  'moderation',
  'image_generation',
  'speech',
  'transcription',
  'other',
] as const;

export type Operation = (typeof OPERATIONS)[number];

/** Most tokens of one bucket of one event. */
export const MAX_TOKENS = 1_000_000_000;
/** Longest latency, one day, in microseconds. */
export const MAX_LATENCY_US = 86_400_000_000;

/** An amount of money: billionths of the currency unit. */
export interface Money {
  /** ISO 4217 code. */
  readonly currency: string;
  readonly nanos: bigint;
}

/** What a request cost, and how that is known. */
export interface EventCost {
  /** Billionths of the currency unit, not negative. */
  readonly nanos: bigint;
  /** `provider`: the provider said so. `local`: computed from a price list. */
  readonly source: 'provider' | 'local';
  /** One of the prices it was computed with; its version and currency give the others. */
  readonly priceId?: string;
}

export interface UsageEvent {
  readonly organizationId: string;
  /** UUID of version 7 whose milliseconds are `eventTime`. Without it an import derives one and a call mints one. */
  readonly eventId?: string;
  /** When the request began; whole milliseconds are kept. */
  readonly eventTime: Date;
  readonly apiKeyId?: string;
  readonly userId?: string;
  readonly provider: string;
  readonly model: string;
  readonly operation: Operation;
  readonly region?: string;
  /** HTTP status. From 400 on, or with an `errorType`, the request is an error. */
  readonly status: number;
  readonly errorType?: string;
  /** `undefined` when not known, which is not the same as zero. */
  readonly tokens: TokenCounts | undefined;
  /** Microseconds to the first token, at most `latencyUs`. */
  readonly ttftUs?: number;
  /** Microseconds to the whole answer. */
  readonly latencyUs?: number;
  /** Currency the event is charged in, even while its cost is not known. */
  readonly currency: string;
  readonly cost?: EventCost;
}

export const DEFAULT_CURRENCY = 'USD';
