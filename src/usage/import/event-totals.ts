/** Sums over the events of an import, exact however many there are. */
import { type EventCost, type Money, TOKEN_BUCKETS, type TokenCounts, type UsageEvent } from '../event.js';
import type { TimeRange } from '../grain.js';

export interface EventTotals {
  readonly rows: number;
  /** Tokens of the rows whose tokens are known. */
  readonly tokens: TokenCounts<bigint>;
  readonly usageUnknown: number;
  /** Known costs, a sum for each currency, in the order of their codes. */
  readonly costs: readonly Money[];
  readonly costUnknown: number;
  /** From the first event to a millisecond after the last; `undefined` when there are none. */
  readonly range: TimeRange | undefined;
}

/** Adds events up. Numbers hold the sums until `FLUSH_ROWS` events, then they go over to bigint. */
export class EventTally {
  readonly days = new Set<number>();
  #rows = 0;
  #usageUnknown = 0;
  #costUnknown = 0;
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;
  readonly #recent: Mutable<TokenCounts> = { ...NO_TOKENS };
  readonly #flushed: Mutable<TokenCounts<bigint>> = zeroTokens();
  readonly #costs = new Map<string, bigint>();

  add(event: UsageEvent, cost: EventCost | undefined): void {
    const timeMs = event.eventTime.getTime();
    this.#rows += 1;
    this.#firstMs = Math.min(this.#firstMs, timeMs);
    this.#lastMs = Math.max(this.#lastMs, timeMs);
    this.days.add(Math.floor(timeMs / DAY_MS));
    if (event.tokens) {
      for (const [bucket] of TOKEN_BUCKETS) {
        this.#recent[bucket] += event.tokens[bucket];
      }
    } else {
      this.#usageUnknown += 1;
    }
    if (cost) {
      this.#costs.set(event.currency, (this.#costs.get(event.currency) ?? 0n) + cost.nanos);
    } else {
      this.#costUnknown += 1;
    }
    if (this.#rows % FLUSH_ROWS === 0) {
      this.#flush();
    }
  }

  get rows(): number {
    return this.#rows;
  }

  totals(): EventTotals {
    this.#flush();
    return {
      rows: this.#rows,
      tokens: { ...this.#flushed },
      usageUnknown: this.#usageUnknown,
      costs: [...this.#costs]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([currency, nanos]) => ({ currency, nanos })),
      costUnknown: this.#costUnknown,
      range: this.#rows === 0 ? undefined : { from: new Date(this.#firstMs), to: new Date(this.#lastMs + 1) },
    };
  }

  #flush(): void {
    for (const [bucket] of TOKEN_BUCKETS) {
      this.#flushed[bucket] += BigInt(this.#recent[bucket]);
      this.#recent[bucket] = 0;
    }
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const DAY_MS = 86_400_000;

/** A million events of a billion tokens are 10^15, below 2^53. */
const FLUSH_ROWS = 1_000_000;

const NO_TOKENS: TokenCounts = {
  inputUncached: 0,
  inputCacheRead: 0,
  inputCacheWrite: 0,
  outputText: 0,
  outputReasoning: 0,
};

function zeroTokens(): Mutable<TokenCounts<bigint>> {
  return { inputUncached: 0n, inputCacheRead: 0n, inputCacheWrite: 0n, outputText: 0n, outputReasoning: 0n };
}
