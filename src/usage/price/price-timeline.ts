/**
 * Which prices are in force when. The prices of one model and currency are cut at every time at which one of
 * them begins or ends; between two cuts nothing changes, so an event's prices are found by one binary search.
 */
import type { Price, PriceKind, PriceList } from './price-list.js';

/** The prices of a model that are in force together, all of one version. */
export interface PriceSheet {
  readonly version: string;
  /** The prices of a kind by falling `aboveInputTokens`. */
  readonly prices: Readonly<Partial<Record<PriceKind, readonly Price[]>>>;
}

/** The price of a kind for a request with so many input tokens. */
export function priceOf(sheet: PriceSheet, kind: PriceKind, inputTokens: number): Price | undefined {
  return sheet.prices[kind]?.find(
    ({ aboveInputTokens }) => aboveInputTokens === 0 || inputTokens > aboveInputTokens,
  );
}

/** The prices for an event; `undefined` when there are none for that model, time and currency. */
export type FindPrices = (
  provider: string,
  model: string,
  currency: string,
  timeMs: number,
) => PriceSheet | undefined;

/**
 * Makes the look-up. An event may name the model, or the model and the version with a hyphen between, as
 * providers do.
 */
export function priceFinder(list: PriceList): FindPrices {
  const byName = new Map<string, Price[]>();
  for (const price of list) {
    for (const name of [price.model, `${price.model}-${price.version}`]) {
      const key = keyOf(price.provider, name, price.currency);
      byName.set(key, [...(byName.get(key) ?? []), price]);
    }
  }
  const timelines = new Map([...byName].map(([key, prices]) => [key, timelineOf(prices)]));
  return (provider, model, currency, timeMs) => {
    const timeline = timelines.get(keyOf(provider, model, currency));
    return timeline && sheetAt(timeline, timeMs);
  };
}

interface Timeline {
  /** Rising; `sheets[i]` holds from `startsMs[i]` up to the next. */
  readonly startsMs: readonly number[];
  readonly sheets: readonly (PriceSheet | undefined)[];
}

function timelineOf(prices: readonly Price[]): Timeline {
  const times = prices.flatMap(({ validFrom, validTo }) =>
    validTo ? [validFrom.getTime(), validTo.getTime()] : [validFrom.getTime()],
  );
  const startsMs = [...new Set(times)].sort((a, b) => a - b);
  return { startsMs, sheets: startsMs.map((start) => sheetFrom(prices, start)) };
}

/** The sheet of the last version in the list's order that has a price then. */
function sheetFrom(prices: readonly Price[], timeMs: number): PriceSheet | undefined {
  const inForce = prices.filter(
    ({ validFrom, validTo }) => validFrom.getTime() <= timeMs && (!validTo || timeMs < validTo.getTime()),
  );
  const version = inForce.at(-1)?.version;
  if (version === undefined) {
    return undefined;
  }
  const byKind: Partial<Record<PriceKind, Price[]>> = {};
  for (const price of inForce.filter((candidate) => candidate.version === version)) {
    byKind[price.kind] = [...(byKind[price.kind] ?? []), price].sort(
      (a, b) => b.aboveInputTokens - a.aboveInputTokens,
    );
  }
  return { version, prices: byKind };
}

function sheetAt({ startsMs, sheets }: Timeline, timeMs: number): PriceSheet | undefined {
  let low = 0;
  let high = startsMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (startsMs[middle]! <= timeMs) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low === 0 ? undefined : sheets[low - 1];
}

function keyOf(provider: string, model: string, currency: string): string {
  return `${provider}\0${model}\0${currency}`;
}
