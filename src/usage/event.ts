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

/**
 * Parts of the buckets that may have a price of their own, and the bucket each is in. What is left of a bucket is
 * text, and cache writes that are kept for the provider's usual time.
 */
export const TOKEN_PARTS = {
  input_audio: 'inputUncached',
  input_image: 'inputUncached',
  input_video: 'inputUncached',
  input_cache_read_audio: 'inputCacheRead',
  input_cache_read_image: 'inputCacheRead',
  input_cache_read_video: 'inputCacheRead',
  input_cache_write_1h: 'inputCacheWrite',
  output_audio: 'outputText',
  output_image: 'outputText',
  output_video: 'outputText',
} as const satisfies Readonly<Record<string, keyof TokenCounts>>;

export type TokenPart = keyof typeof TOKEN_PARTS;

/** What is counted besides tokens: searches that the provider made for the request. */
export const CALLS = ['web_search', 'storage_search'] as const;

export type Call = (typeof CALLS)[number];

/** How many tokens of each part, never more than their bucket holds, and how many calls; what is not named is zero. */
export type UsageParts = Readonly<Partial<Record<TokenPart | Call, number>>>;

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
export const MAX_ERROR_TYPE_BYTES = 128;

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
  /**
   * What its source calls it, unique there, e.g. a request id: an import derives the id from it, so that the event
   * is the same one in whichever file and line it comes.
   */
  readonly foreignId?: string;
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
  /** What the tokens were, where it matters for the cost. */
  readonly parts?: UsageParts;
  /** Microseconds to the first token, at most `latencyUs`. */
  readonly ttftUs?: number;
  /** Microseconds to the whole answer. */
  readonly latencyUs?: number;
  /** Currency the event is charged in, even while its cost is not known. */
  readonly currency: string;
  readonly cost?: EventCost;
}

export const DEFAULT_CURRENCY = 'USD';
