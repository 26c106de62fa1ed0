import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import type { Call, TokenPart } from '../event.js';
import { explainMissingSchema } from '../missing-schema.js';

/** What a price counts: a bucket of tokens, a part of one, a call that the provider made, or the request itself. */
export type PriceKind =
  | 'input_uncached'
  | 'input_cache_read'
  | 'input_cache_write'
  | 'output_text'
  | 'output_reasoning'
  | TokenPart
  | Call
  | 'request';

/** A price of one kind for one version of a model over a span of time. */
export interface Price {
  readonly priceId: string;
  readonly provider: string;
  readonly model: string;
  readonly version: string;
  readonly kind: PriceKind;
  /** ISO 4217 code. */
  readonly currency: string;
  /** Billionths of the currency unit per million tokens; for calls and requests, for each. */
  readonly priceNanos: bigint;
  /**
   * The price holds for requests with more input tokens than this, for all of their tokens: of several that are in
   * force, the one with the largest number below the request's input is charged. 0 is the price for all.
   */
  readonly aboveInputTokens: number;
  readonly validFrom: Date;
  /** Excluded; `undefined` until further notice. */
  readonly validTo: Date | undefined;
}

/**
 * Prices, in an order that settles which version is charged for an event that names only the model: of those
 * with a price at the event's time, the last one.
 */
export type PriceList = readonly Price[];

/**
 * Reads the price list from the operational database, which may be another one than the events are in.
 * @throws USAGE_SCHEMA_MISSING when its migrations are not applied
 */
export async function readPriceList(session: Session): Promise<PriceList> {
  const rows = await explainMissingSchema('read the price list', () =>
    session.query<PriceRow>(readPackageFile('src/usage/price/price-list.sql')),
  );
  return rows.map((row) => ({
    priceId: row.price_id,
    provider: row.provider,
    model: row.model,
    version: row.version,
    kind: row.kind,
    currency: row.currency,
    priceNanos: row.price_nanos,
    aboveInputTokens: Number(row.above_input_tokens),
    validFrom: row.valid_from,
    validTo: row.valid_to ?? undefined,
  }));
}

interface PriceRow {
  readonly price_id: string;
  readonly provider: string;
  readonly model: string;
  readonly version: string;
  readonly kind: PriceKind;
  readonly currency: string;
  readonly price_nanos: bigint;
  readonly above_input_tokens: bigint;
  readonly valid_from: Date;
  readonly valid_to: Date | null;
}
