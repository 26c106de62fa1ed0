/**
 * The catalogue's rows: models, their versions, and a price for each kind, currency and span of time. They are the
 * same under every seed, and their ids are those of their times.
 */
import {
  type PriceChange,
  type PriceKind,
  SEEDED_MODELS,
  type SeededModel,
  type SeededModelVersion,
} from './catalogue-data.js';
import { copyLine, copyTime, copyTimes } from './copy-line.js';
import { draw } from './draw.js';
import { seedUuid } from './seed-uuid.js';

/** One table of the catalogue with all its rows. The only column of the primary key comes first. */
export interface CatalogueTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly keyColumns: 1;
  /** Lines of COPY. */
  readonly lines: () => string[];
}

export const MODELS: CatalogueTable = {
  name: 'platform.models',
  columns: ['id', 'created_at', 'updated_at', 'provider', 'name', 'display_name', 'modality', 'status'],
  keyColumns: 1,
  lines: () =>
    SEEDED_MODELS.map((model) =>
      copyLine([
        modelId(model),
        ...copyTimes(Date.parse(model.versions[0]!.releasedOn)),
        model.provider,
        model.name,
        model.displayName,
        model.modality,
        model.status,
      ]),
    ),
};

export const MODEL_VERSIONS: CatalogueTable = {
  name: 'platform.model_versions',
  columns: [
    'id',
    'model_id',
    'created_at',
    'updated_at',
    'context_window_tokens',
    'max_output_tokens',
    'released_at',
    'deprecated_at',
    'retired_at',
    'version',
  ],
  keyColumns: 1,
  lines: () =>
    allVersions().map(({ model, version, ordinal }) =>
      copyLine([
        versionId(version, ordinal),
        modelId(model),
        ...copyTimes(Date.parse(version.releasedOn)),
        version.contextWindowTokens,
        version.maxOutputTokens,
        dayTime(version.releasedOn),
        dayTime(version.deprecatedOn),
        dayTime(version.retiredOn),
        version.version,
      ]),
    ),
};

export const MODEL_PRICES: CatalogueTable = {
  name: 'platform.model_prices',
  columns: [
    'id',
    'model_version_id',
    'created_at',
    'updated_at',
    'price_nanos',
    'kind',
    'currency',
    'valid',
    'source',
  ],
  keyColumns: 1,
  lines: () =>
    allVersions()
      .flatMap(({ version, ordinal }) => pricesOf(version, versionId(version, ordinal)))
      .map((price, ordinal) =>
        copyLine([
          dayId(price.from, PRICE_IDS, ordinal),
          price.versionId,
          ...copyTimes(Date.parse(price.from)),
          price.nanos,
          price.kind,
          price.currency,
          `[${dayTime(price.from)},${dayTime(price.until) ?? ''})`,
          'Plinth sample catalogue',
        ]),
      ),
};

/** The id of a model of the catalogue. */
export function modelId(model: SeededModel): string {
  return dayId(model.versions[0]!.releasedOn, MODEL_IDS, SEEDED_MODELS.indexOf(model));
}

interface Price {
  readonly versionId: string;
  readonly kind: PriceKind;
  readonly currency: string;
  readonly nanos: number;
  readonly from: string;
  readonly until: string | undefined;
}

/** Billionths of a currency unit for each US cent. Whole numbers, as everything about money here. */
const CURRENCIES = [
  { currency: 'USD', nanosPerCent: 10_000_000 },
  { currency: 'EUR', nanosPerCent: 9_200_000 },
] as const;

function pricesOf(version: SeededModelVersion, id: string): Price[] {
  return version.prices.flatMap((change, at) => {
    const until = version.prices[at + 1]?.from ?? version.retiredOn;
    return chargesOf(change).flatMap(({ kind, cents, buys }) =>
      CURRENCIES.map(({ currency, nanosPerCent }) => ({
        versionId: id,
        kind,
        currency,
        nanos: (cents * nanosPerCent) / buys,
        from: change.from,
        until,
      })),
    );
  });
}

/** What a price buys, in the units that `model_prices` counts in: millions of tokens, or requests. */
interface Charge {
  readonly kind: PriceKind;
  readonly cents: number;
  readonly buys: number;
}

function chargesOf(change: PriceChange): Charge[] {
  const charges = Object.entries(change.cents).map(([kind, cents]) => ({
    kind: kind as PriceKind,
    cents,
    buys: 1,
  }));
  const { centsPerThousandRequests: cents } = change;
  return cents === undefined ? charges : [...charges, { kind: 'request', cents, buys: 1000 }];
}

function allVersions(): { model: SeededModel; version: SeededModelVersion; ordinal: number }[] {
  return SEEDED_MODELS.flatMap((model) => model.versions.map((version) => ({ model, version }))).map(
    (entry, ordinal) => ({ ...entry, ordinal }),
  );
}

/** What the second part of a catalogue row's draw says; part of the generator. */
const MODEL_IDS = 1;
const VERSION_IDS = 2;
const PRICE_IDS = 3;

function versionId(version: SeededModelVersion, ordinal: number): string {
  return dayId(version.releasedOn, VERSION_IDS, ordinal);
}

/** The catalogue's own seed, whatever the organizations are drawn from. */
const CATALOGUE_SEED = 0;

function dayId(day: string, kind: number, ordinal: number): string {
  const { a, b } = draw(CATALOGUE_SEED, 'catalogueId', ordinal, kind);
  return seedUuid(Date.parse(day), ordinal, a, b);
}

function dayTime(day: string | undefined): string | undefined {
  return day === undefined ? undefined : copyTime(Date.parse(day));
}
