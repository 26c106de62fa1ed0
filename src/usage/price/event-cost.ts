/**
 * What an event costs, in whole billionths of the currency unit. Prices are per million tokens: the products
 * of tokens and prices are summed exactly and rounded once, half up. Unknown tokens or prices make an unknown
 * cost, never zero.
 *
 * A kind without a price of its own is charged as the kind it is part of: cache reads and writes as input,
 * reasoning as output. The price of a request is charged when it was answered (a status below 400).
 */
import type { EventCost, TokenCounts, UsageEvent } from '../event.js';
import type { Price, PriceKind } from './price-list.js';
import type { FindPrices, PriceSheet } from './price-timeline.js';

const CHARGED_AS: Readonly<Record<keyof TokenCounts, readonly [PriceKind, ...PriceKind[]]>> = {
  inputUncached: ['input_uncached'],
  inputCacheRead: ['input_cache_read', 'input_uncached'],
  inputCacheWrite: ['input_cache_write', 'input_uncached'],
  outputText: ['output_text'],
  outputReasoning: ['output_reasoning', 'output_text'],
};

const BUCKETS = Object.keys(CHARGED_AS) as readonly (keyof TokenCounts)[];

const LARGEST_NANOS = 2n ** 63n - 1n;

/** The cost of an event by the price list; `undefined` when it cannot be known. */
export function eventCost(event: UsageEvent, findPrices: FindPrices): EventCost | undefined {
  const { tokens, provider, model, currency } = event;
  const sheet = tokens && findPrices(provider, model, currency, event.eventTime.getTime());
  if (!tokens || !sheet) {
    return undefined;
  }
  const nanos = chargeNanos(tokens, sheet, event.status < 400);
  const price = sheet.prices.input_uncached ?? sheet.prices.output_text ?? Object.values(sheet.prices)[0];
  return nanos === undefined || nanos > LARGEST_NANOS
    ? undefined
    : { nanos, source: 'local', priceId: price?.priceId };
}

function chargeNanos(tokens: TokenCounts, sheet: PriceSheet, isAnswered: boolean): bigint | undefined {
  // Doubles hold the products exactly up to 2^53, which most events stay below; beyond, bigint takes over.
  let fast = 0;
  let exact = 0n;
  for (const bucket of BUCKETS) {
    if (tokens[bucket] > 0) {
      const price = priceOf(sheet, bucket);
      if (!price) {
        return undefined;
      }
      const sum = fast + tokens[bucket] * Number(price.priceNanos);
      if (sum <= Number.MAX_SAFE_INTEGER) {
        fast = sum;
      } else {
        exact += BigInt(tokens[bucket]) * price.priceNanos;
      }
    }
  }
  const request = isAnswered ? (sheet.prices.request?.priceNanos ?? 0n) : 0n;
  return request + (exact === 0n ? roundMillionths(fast) : (exact + BigInt(fast) + 500_000n) / 1_000_000n);
}

function priceOf(sheet: PriceSheet, bucket: keyof TokenCounts): Price | undefined {
  for (const kind of CHARGED_AS[bucket]) {
    const price = sheet.prices[kind];
    if (price) {
      return price;
    }
  }
  return undefined;
}

/** A whole number of at most 2^53 divided by a million, half up; every step is exact in doubles. */
function roundMillionths(millionths: number): bigint {
  const rest = millionths % 1_000_000;
  return BigInt((millionths - rest) / 1_000_000 + (rest >= 500_000 ? 1 : 0));
}
