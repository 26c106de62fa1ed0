/**
 * Brings the price list up to what is published. A price is never overwritten: where the published one differs, the
 * one in force ends and the next begins, at the day that the publication names or else now. Prices from another
 * source, such as a contract, are left alone.
 */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { explainMissingSchema } from '../missing-schema.js';
import type { PriceKind } from './price-list.js';
import { type PublishedPrice, publishedPrices } from './published-prices.js';

/** What the column `source` of these prices says. */
export const PUBLISHED_SOURCE = 'published: @pydantic/genai-prices';

export interface PriceChange {
  readonly provider: string;
  readonly model: string;
  readonly version: string;
  readonly kind: PriceKind;
  readonly aboveInputTokens: number;
  /** Billionths of a dollar per million tokens, or for each; `undefined` where there was no price. */
  readonly oldNanos: bigint | undefined;
  readonly newNanos: bigint;
  /** From when on the new price holds. */
  readonly validFrom: Date;
}

export interface PriceSync {
  readonly changes: readonly PriceChange[];
  /** Versions of models that the published list does not have. */
  readonly unknown: readonly ModelVersion[];
  /** Versions whose price is published in a form that Plinth has no kind for; they are left as they are. */
  readonly notCovered: readonly (ModelVersion & { readonly what: readonly string[] })[];
  /** Versions with prices from another source, which are left alone. */
  readonly ownPrices: readonly ModelVersion[];
}

export interface ModelVersion {
  readonly provider: string;
  readonly model: string;
  readonly version: string;
}

export interface SyncOptions {
  /** Only tell what would change. */
  readonly dryRun?: boolean;
  /** The time that prices without a published beginning change at; now unless given. */
  readonly now?: Date;
}

/** @throws USAGE_SCHEMA_MISSING when the operational migrations are not applied */
export async function syncPrices(session: Session, options: SyncOptions = {}): Promise<PriceSync> {
  return explainMissingSchema('bring the price list up to date', () =>
    session.transaction(async () => {
      // Two at once would see the same gap and both fill it.
      await session.run('lock table platform.model_prices in share row exclusive mode');
      return sync(session, options.now ?? new Date(), options.dryRun ?? false);
    }),
  );
}

interface VersionRow {
  readonly version_id: string;
  readonly provider: string;
  readonly model: string;
  readonly version: string;
  readonly released_at: Date;
  readonly prices: readonly KnownPrice[];
}

interface KnownPrice {
  readonly id: string;
  readonly kind: PriceKind;
  readonly aboveInputTokens: number;
  readonly priceNanos: string;
  readonly from: string;
  readonly to: string | null;
  readonly source: string;
}

async function sync(session: Session, now: Date, dryRun: boolean): Promise<PriceSync> {
  const rows = await session.query<VersionRow>(readPackageFile('src/usage/price/model-versions.sql'));
  const changes: PriceChange[] = [];
  const unknown: ModelVersion[] = [];
  const notCovered: (ModelVersion & { what: readonly string[] })[] = [];
  const ownPrices: ModelVersion[] = [];
  for (const row of rows) {
    const { provider, model, version } = row;
    const named = { provider, model, version };
    const published =
      (await publishedPrices(provider, `${model}-${version}`)) ?? (await publishedPrices(provider, model));
    if (!published || published.prices.length === 0) {
      unknown.push(named);
    } else if (published.notCovered.length > 0) {
      notCovered.push({ ...named, what: published.notCovered });
    } else if (row.prices.some(({ source }) => source !== PUBLISHED_SOURCE)) {
      ownPrices.push(named);
    } else {
      const steps = published.prices.flatMap((price) => stepsOf(price, row, now));
      changes.push(...steps.map((step) => ({ ...named, ...step })));
      if (!dryRun) {
        await write(session, row, steps);
      }
    }
  }
  return { changes, unknown, notCovered, ownPrices };
}

type Step = Omit<PriceChange, keyof ModelVersion> & {
  readonly validTo: Date | undefined;
  readonly ends: string | undefined;
};

/** What brings the known prices of a kind to the published one; nothing where they are it already. */
function stepsOf(price: PublishedPrice, row: VersionRow, now: Date): Step[] {
  const { kind, aboveInputTokens, priceNanos, validTo } = price;
  const known = row.prices.filter((one) => one.kind === kind && one.aboveInputTokens === aboveInputTokens);
  const from = price.validFrom ?? (known.length === 0 ? row.released_at : now);
  const at = known.find(
    (one) =>
      Date.parse(one.from) <= from.getTime() && (one.to === null || from.getTime() < Date.parse(one.to)),
  );
  const isOver = validTo !== undefined && validTo <= now;
  if ((at && BigInt(at.priceNanos) === priceNanos) || (isOver && known.length > 0)) {
    return [];
  }
  // A change in the past would charge what was charged already once more: it holds from now on.
  const validFrom = known.length > 0 && from < now ? now : from;
  return [
    {
      kind,
      aboveInputTokens,
      oldNanos: at && BigInt(at.priceNanos),
      newNanos: priceNanos,
      validFrom,
      validTo,
      ends: at?.id,
    },
  ];
}

async function write(session: Session, row: VersionRow, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (step.ends !== undefined) {
      await session.query(
        'update platform.model_prices set valid = tstzrange(lower(valid), $2) where id = $1',
        [step.ends, step.validFrom],
      );
    }
    await session.query(
      `insert into platform.model_prices
         (model_version_id, kind, above_input_tokens, price_nanos, currency, valid, source)
       values ($1, $2, $3, $4, 'USD', tstzrange($5, $6), $7)`,
      [
        row.version_id,
        step.kind,
        step.aboveInputTokens,
        step.newNanos,
        step.validFrom,
        step.validTo ?? null,
        PUBLISHED_SOURCE,
      ],
    );
  }
}
