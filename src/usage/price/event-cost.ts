/**
 * What an event costs, in whole billionths of the currency unit. Prices are per million tokens: the products
 * of tokens and prices are summed exactly and rounded once, half up. Unknown tokens or prices make an unknown
 * cost, never zero.
 *
 * A kind without a price of its own is charged as the kind it is part of: cache reads and writes as input,
 * reasoning as output, audio in the input as input. Calls that have no price cost nothing. The price of a request
 * is charged when it was answered (a status below 400).
 */
import {
  CALLS,
  type EventCost,
  TOKEN_PARTS,
  type TokenCounts,
  type TokenPart,
  type UsageEvent,
  type UsageParts,
} from '../event.js';
import type { Price, PriceKind } from './price-list.js';
import { type FindPrices, type PriceSheet, priceOf } from './price-timeline.js';

/** What the tokens of a bucket are charged as: the first of these that has a price. */
const CHARGED_AS: Readonly<Record<keyof TokenCounts, readonly PriceKind[]>> = {
  inputUncached: ['input_uncached'],
  inputCacheRead: ['input_cache_read', 'input_uncached'],
  inputCacheWrite: ['input_cache_write', 'input_uncached'],
  outputText: ['output_text'],
  outputReasoning: ['output_reasoning', 'output_text'],
};

const PARTS = Object.entries(TOKEN_PARTS) as readonly (readonly [TokenPart, keyof TokenCounts])[];

const BUCKETS = Object.keys(CHARGED_AS) as readonly (keyof TokenCounts)[];

const LARGEST_NANOS = 2n ** 63n - 1n;

/** The cost of an event by the price list; `undefined` when it cannot be known. */
export function eventCost(event: UsageEvent, findPrices: FindPrices): EventCost | undefined {
  const { tokens, provider, model, currency } = event;
  const sheet = tokens && findPrices(provider, model, currency, event.eventTime.getTime());
  if (!tokens || !sheet) {
    return undefined;
  }
  const inputTokens = tokens.inputUncached + tokens.inputCacheRead + tokens.inputCacheWrite;
  const priced = (kind: PriceKind): Price | undefined => priceOf(sheet, kind, inputTokens);
  const nanos = chargeNanos({ tokens, parts: event.parts, isAnswered: event.status < 400 }, priced);
  return nanos === undefined || nanos > LARGEST_NANOS
    ? undefined
    : { nanos, source: 'local', priceId: anchor(sheet, priced)?.priceId };
}

/** The price that stands for the sheet in the event. */
function anchor(sheet: PriceSheet, priced: (kind: PriceKind) => Price | undefined): Price | undefined {
  return priced('input_uncached') ?? priced('output_text') ?? Object.values(sheet.prices)[0]?.at(-1);
}

interface Charged {
  readonly tokens: TokenCounts;
  readonly parts: UsageParts | undefined;
  readonly isAnswered: boolean;
}

type Priced = (kind: PriceKind) => Price | undefined;

function chargeNanos({ tokens, parts, isAnswered }: Charged, priced: Priced): bigint | undefined {
  const sum = new ExactSum();
  for (const bucket of BUCKETS) {
    let rest = tokens[bucket];
    for (const [part, of] of parts ? PARTS : []) {
      const count = of === bucket ? (parts?.[part] ?? 0) : 0;
      const price = count > 0 ? priced(part) : undefined;
      if (price) {
        sum.add(count, price.priceNanos);
        rest -= count;
      }
    }
    if (rest > 0) {
      const kind = CHARGED_AS[bucket].find(priced);
      if (!kind) {
        return undefined;
      }
      sum.add(rest, priced(kind)!.priceNanos);
    }
  }
  const calls = CALLS.reduce(
    (nanos, call) => nanos + BigInt(parts?.[call] ?? 0) * (priced(call)?.priceNanos ?? 0n),
    0n,
  );
  const request = isAnswered ? (priced('request')?.priceNanos ?? 0n) : 0n;
  return sum.inMillions() + calls + request;
}

/** Doubles hold the products exactly up to 2^53, which most events stay below; beyond, bigint takes over. */
class ExactSum {
  #fast = 0;
  #exact = 0n;

  add(count: number, priceNanos: bigint): void {
    const sum = this.#fast + count * Number(priceNanos);
    if (sum <= Number.MAX_SAFE_INTEGER) {
      this.#fast = sum;
    } else {
      this.#exact += BigInt(count) * priceNanos;
    }
  }

  /** A millionth of the sum, rounded half up. */
  inMillions(): bigint {
    return this.#exact === 0n
      ? roundMillionths(this.#fast)
      : (this.#exact + BigInt(this.#fast) + 500_000n) / 1_000_000n;
  }
}

/** A whole number of at most 2^53 divided by a million, half up; every step is exact in doubles. */
function roundMillionths(millionths: number): bigint {
  const rest = millionths % 1_000_000;
  return BigInt((millionths - rest) / 1_000_000 + (rest >= 500_000 ? 1 : 0));
}
