/**
 * The published price of a model, from the list that the package `@pydantic/genai-prices` carries. Its decimals of
 * US dollars become whole billionths; what it has no kind for here (pages of documents, hours of audio, prices that
 * hold for some hours of a day) is told and left out, so that nobody takes a part of a price for the whole.
 */
import type { ConditionalPrice, MatchLogic, ModelInfo, ModelPrice, Provider } from '@pydantic/genai-prices';
import type { Price, PriceKind } from './price-list.js';

export interface PublishedPrices {
  /** As the list calls the model, which may stand for several names that providers use. */
  readonly model: string;
  readonly prices: readonly PublishedPrice[];
  /** What the list has for the model and Plinth has no kind of price for, e.g. `audio_hours`; in order. */
  readonly notCovered: readonly string[];
}

/** A price without the identity that it gets in the database. */
export type PublishedPrice = Pick<Price, 'kind' | 'priceNanos' | 'aboveInputTokens' | 'validTo'> & {
  /** `undefined` for a price that has held since the model came out. */
  readonly validFrom: Date | undefined;
};

/**
 * The prices that are published for a model of a provider, by the names that the provider uses; `undefined` when the
 * list does not have it. In US dollars.
 */
export async function publishedPrices(provider: string, model: string): Promise<PublishedPrices | undefined> {
  const { findProvider } = await import('@pydantic/genai-prices');
  const found = findProvider({ providerId: provider });
  const info = found && modelOf(found, model, (id) => findProvider({ providerId: id }));
  return info && { model: info.id, ...pricesOf(info) };
}

/** The provider's model of that name, or that of a provider whose models it serves too. */
function modelOf(
  provider: Provider,
  name: string,
  providerOf: (id: string) => Provider | undefined,
): ModelInfo | undefined {
  const lower = name.toLowerCase();
  const own = provider.models.find(({ match }) => matches(match, lower));
  return (
    own ??
    provider.fallback_model_providers
      ?.map((id) => providerOf(id)?.models.find(({ match }) => matches(match, lower)))
      .find((model) => model !== undefined)
  );
}

function matches(logic: MatchLogic, name: string): boolean {
  if ('equals' in logic) {
    return name === logic.equals.toLowerCase();
  }
  if ('starts_with' in logic) {
    return name.startsWith(logic.starts_with.toLowerCase());
  }
  if ('ends_with' in logic) {
    return name.endsWith(logic.ends_with.toLowerCase());
  }
  if ('contains' in logic) {
    return name.includes(logic.contains.toLowerCase());
  }
  if ('regex' in logic) {
    return new RegExp(logic.regex, 'i').test(name);
  }
  return 'or' in logic
    ? logic.or.some((part) => matches(part, name))
    : logic.and.every((part) => matches(part, name));
}

function pricesOf({ prices }: ModelInfo): Omit<PublishedPrices, 'model'> {
  const notCovered = new Set<string>();
  const steps = (Array.isArray(prices) ? prices : [{ prices }])
    .filter((step: ConditionalPrice) => {
      if (step.constraint?.type === 'time_of_date') {
        notCovered.add('prices by the time of day');
      }
      return step.constraint?.type !== 'time_of_date';
    })
    .map((step: ConditionalPrice) => ({
      from:
        step.constraint?.type === 'start_date'
          ? new Date(`${step.constraint.start_date}T00:00:00Z`)
          : undefined,
      prices: step.prices,
    }))
    .sort((a, b) => (a.from?.getTime() ?? 0) - (b.from?.getTime() ?? 0));
  return {
    prices: steps.flatMap(({ from, prices: step }, index) =>
      pricesOfStep(step, notCovered).map((price) => ({
        ...price,
        validFrom: from,
        validTo: steps[index + 1]?.from,
      })),
    ),
    notCovered: [...notCovered].sort(),
  };
}

/** The list's names of units; prices of thousands are brought to one, those of tokens stay per million. */
const KINDS: Readonly<Record<string, { readonly kind: PriceKind; readonly per?: number }>> = {
  input_mtok: { kind: 'input_uncached' },
  cache_read_mtok: { kind: 'input_cache_read' },
  cache_write_mtok: { kind: 'input_cache_write' },
  cache_write_1h_mtok: { kind: 'input_cache_write_1h' },
  output_mtok: { kind: 'output_text' },
  output_reasoning_mtok: { kind: 'output_reasoning' },
  input_audio_mtok: { kind: 'input_audio' },
  input_image_mtok: { kind: 'input_image' },
  input_video_mtok: { kind: 'input_video' },
  cache_audio_read_mtok: { kind: 'input_cache_read_audio' },
  cache_image_read_mtok: { kind: 'input_cache_read_image' },
  cache_video_read_mtok: { kind: 'input_cache_read_video' },
  output_audio_mtok: { kind: 'output_audio' },
  output_image_mtok: { kind: 'output_image' },
  output_video_mtok: { kind: 'output_video' },
  web_searches_kcount: { kind: 'web_search', per: 1000 },
  storage_searches_kcount: { kind: 'storage_search', per: 1000 },
  requests_kcount: { kind: 'request', per: 1000 },
};

function pricesOfStep(
  prices: ModelPrice,
  notCovered: Set<string>,
): Pick<Price, 'kind' | 'priceNanos' | 'aboveInputTokens'>[] {
  return Object.entries(prices).flatMap(([unit, price]) => {
    const known = KINDS[unit];
    if (!known) {
      notCovered.add(unit);
    }
    if (!known || price === undefined) {
      return [];
    }
    const tiers =
      typeof price === 'number' ? [{ start: 0, price }] : [{ start: 0, price: price.base }, ...price.tiers];
    return tiers.map((tier) => ({
      kind: known.kind,
      priceNanos: nanosOf(tier.price, known.per ?? 1),
      aboveInputTokens: tier.start,
    }));
  });
}

/** Dollars as the list writes them, in whole billionths for one of `per`. */
function nanosOf(dollars: number, per: number): bigint {
  return BigInt(Math.round((dollars * 1e9) / per));
}
