/**
 * What a provider's answer says of its usage, in buckets that do not overlap. Providers count differently: with some
 * the input includes what was read from the cache, with others it does not; the package `@pydantic/genai-prices`
 * knows for each of them where its numbers stand and what they include, and gives totals that include everything.
 * Here they are taken apart.
 */
import type { Provider, Usage } from '@pydantic/genai-prices';
import { nearest } from '../../core/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { MAX_TOKENS, type TokenCounts, type UsageParts } from '../event.js';

export interface PayloadUsage {
  /** The model that answered, where the payload says so. */
  readonly model: string | undefined;
  readonly tokens: TokenCounts;
  readonly parts: UsageParts;
}

export interface PayloadOptions {
  /** The provider's name, e.g. `anthropic`, `aws`, `azure`, `google`, `openai`. */
  readonly provider: string;
  /** Which of the provider's interfaces answered, e.g. `chat` or `responses` of `openai`; `default` unless given. */
  readonly flavor?: string | undefined;
}

/**
 * Reads the usage of a provider's answer, the parsed JSON of its body.
 * @throws USAGE_PAYLOAD_UNKNOWN for a provider or an interface that is not known, or an answer without usage;
 * USAGE_EVENT_INVALID when its numbers contradict one another
 * @example
 * const { tokens, parts } = await usageOfPayload(body, { provider: 'openai', flavor: 'responses' });
 */
export async function usageOfPayload(payload: unknown, options: PayloadOptions): Promise<PayloadUsage> {
  return (await payloadReader(options))(payload);
}

/**
 * Reads the usage of many answers of one provider; see `usageOfPayload`.
 * @throws USAGE_PAYLOAD_UNKNOWN for a provider or an interface that is not known
 */
export async function payloadReader(options: PayloadOptions): Promise<(payload: unknown) => PayloadUsage> {
  const { extractUsage, findProvider } = await import('@pydantic/genai-prices');
  const provider = findProvider({ providerId: options.provider });
  const flavor = flavorOf(provider, options);
  return (payload) => {
    let extracted: { readonly model: string | null; readonly usage: Usage };
    try {
      extracted = extractUsage(provider!, payload, flavor);
    } catch {
      // Without the cause: its message may quote the payload, which can hold what people wrote.
      throw unknown(`the answer holds no usage as ${options.provider} tells it (interface ${flavor})`);
    }
    return { model: extracted.model ?? undefined, ...takenApart(extracted.usage) };
  };
}

function flavorOf(provider: Provider | undefined, options: PayloadOptions): string {
  const flavors = provider?.extractors?.map(({ api_flavor }) => api_flavor) ?? [];
  const flavor = options.flavor ?? (flavors.length === 1 ? flavors[0] : 'default') ?? 'default';
  if (!provider || flavors.length === 0) {
    throw unknown(`there is no provider '${options.provider}' whose answers are known`);
  }
  if (!flavors.includes(flavor)) {
    const wanted = nearest(flavor, flavors) ?? flavors.join(', ');
    throw unknown(`${options.provider} has no interface '${flavor}' (${wanted} was wanted)`);
  }
  return flavor;
}

/** The totals of a payload, which include one another, as buckets and parts, which do not. */
function takenApart(usage: Usage): Pick<PayloadUsage, 'tokens' | 'parts'> {
  const count = (unit: string): number => usage[unit] ?? 0;
  const read = count('cache_read_tokens');
  const write = count('cache_write_tokens');
  const reasoning = count('output_reasoning_tokens');
  const tokens: TokenCounts = {
    inputUncached: count('input_tokens') - read - write,
    inputCacheRead: read,
    inputCacheWrite: write,
    outputText: count('output_tokens') - reasoning,
    outputReasoning: reasoning,
  };
  const parts: Required<UsageParts> = {
    input_audio: count('input_audio_tokens') - count('cache_audio_read_tokens'),
    input_image: count('input_image_tokens') - count('cache_image_read_tokens'),
    input_video: count('input_video_tokens') - count('cache_video_read_tokens'),
    input_cache_read_audio: count('cache_audio_read_tokens'),
    input_cache_read_image: count('cache_image_read_tokens'),
    input_cache_read_video: count('cache_video_read_tokens'),
    input_cache_write_1h: count('cache_write_1h_tokens'),
    output_audio: count('output_audio_tokens'),
    output_image: count('output_image_tokens'),
    output_video: count('output_video_tokens'),
    web_search: count('web_searches'),
    storage_search: count('storage_searches'),
  };
  checkCounts({ ...tokens, ...parts });
  return {
    tokens,
    parts: Object.fromEntries(Object.entries(parts).filter(([, value]) => value > 0)),
  };
}

function checkCounts(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) {
    if (!Number.isInteger(value) || value < 0 || value > MAX_TOKENS) {
      throw USAGE_ERRORS.EVENT_INVALID({
        message: `Cannot read the usage of an answer: its numbers make ${value} of ${name} (a whole number from 0 to ${MAX_TOKENS} was wanted)`,
        details: { name, value },
      });
    }
  }
}

function unknown(found: string): Error {
  return USAGE_ERRORS.PAYLOAD_UNKNOWN({ message: `Cannot read the usage of an answer: ${found}` });
}
