import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { explainMissingSchema } from '../missing-schema.js';

/** What a price counts: a bucket of tokens, or the request itself. */
export type PriceKind =
  | 'input_uncached'
  | 'input_cache_read'
  | 'input_cache_write'
  | 'output_text'
  | 'output_reasoning'
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
  /** Billionths of the currency unit per million tokens; for `request`, per request. */
  readonly priceNanos: bigint;
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
  readonly valid_from: Date;
  readonly valid_to: Date | null;
}
