import { diff, fingerprint } from '../catalog/index.js';
import type { OnProgress } from '../core/index.js';
import type { ObjectAddress, SchemaModel } from '../schema/index.js';
import type { Difference } from './difference.js';
import { differencesOf } from './differences.js';
import { NO_RENAMING, type Renaming, renamed } from './renames.js';
import { readSource, type SchemaSource } from './schema-source.js';
import { comparisonOptions, counted, type WhatCounts } from './what-counts.js';
import type { Workshop } from './workshop.js';

export interface CompareOptions extends WhatCounts {
  readonly from: SchemaSource;
  readonly to: SchemaSource;
  readonly workshop: Workshop;
  /** Only these schemas. */
  readonly schemas?: readonly string[];
  /** What the second schema calls otherwise: `shop.customers.mail=email`. */
  readonly renames?: readonly string[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** One side of a comparison. */
export interface ComparedSide {
  readonly label: string;
  readonly kind: SchemaSource['kind'];
  readonly postgresMajor: number;
  /** Equal for equal schemas, as far as they were compared. */
  readonly fingerprint: string;
}

/** What leads from one schema to the other. */
export interface SchemaComparison {
  readonly from: ComparedSide;
  readonly to: ComparedSide;
  readonly isEmpty: boolean;
  readonly counts: Readonly<Record<Difference['change'], number>>;
  readonly differences: readonly Difference[];
  /** What was renamed, as people said; no difference tells of it. */
  readonly renamed?: readonly RenamedObject[];
  readonly notices: readonly string[];
}

/** An object that the second schema calls otherwise, and the statement that renames it. */
export interface RenamedObject extends ObjectAddress {
  readonly text: string;
}

/** A comparison with the models that it compared, without what does not count. */
export interface ComparedModels extends SchemaComparison {
  readonly models: {
    /** The first schema as it was read. */
    readonly start: SchemaModel;
    /** The first schema under the names of the second. */
    readonly from: SchemaModel;
    readonly to: SchemaModel;
  };
  readonly renaming: Renaming;
}

/** Reads both schemas and compares them. @throws what reading the sources throws */
export async function compareSchemas(options: CompareOptions): Promise<ComparedModels> {
  const { from, to, workshop } = options;
  const before = await readSource(from, workshop, options);
  const after = await readSource(to, workshop, options);
  const { renames = [] } = options;
  if (renames.length === 0) {
    return compareModels({ source: from, ...before }, { source: to, ...after }, options);
  }
  const { model, renaming } = await renamed(
    { source: from, model: before.model },
    renames,
    workshop,
    options,
  );
  const compared = compareModels({ source: from, ...before, model }, { source: to, ...after }, options);
  return {
    ...compared,
    isEmpty: false,
    renamed: renaming.up.map(({ about, text }) => ({ ...about, text })),
    models: { ...compared.models, start: counted(before.model, options) },
    renaming,
  };
}

interface Side {
  readonly source: Pick<SchemaSource, 'label' | 'kind'>;
  readonly model: SchemaModel;
  readonly notices: readonly string[];
}

/** Compares two schemas that have been read. */
export function compareModels(from: Side, to: Side, what: WhatCounts): ComparedModels {
  const options = comparisonOptions(what);
  const models = { from: counted(from.model, what), to: counted(to.model, what) };
  const found = diff(models.from, models.to, options);
  const sideOf = ({ source }: Side, model: SchemaModel): ComparedSide => ({
    label: source.label,
    kind: source.kind,
    postgresMajor: model.postgresMajor,
    fingerprint: fingerprint(model, options),
  });
  return {
    from: sideOf(from, models.from),
    to: sideOf(to, models.to),
    isEmpty: found.isEmpty,
    counts: {
      added: found.added.length,
      removed: found.removed.length,
      changed: found.changed.length,
      reordered: found.reordered.length,
    },
    differences: differencesOf(found, models.from, models.to),
    notices: [...new Set([...from.notices, ...to.notices, ...versionNotice(models.from, models.to)])],
    models: { ...models, start: models.from },
    renaming: NO_RENAMING,
  };
}

function versionNotice(from: SchemaModel, to: SchemaModel): string[] {
  return from.postgresMajor === to.postgresMajor
    ? []
    : [`the schemas are of PostgreSQL ${from.postgresMajor} and ${to.postgresMajor}`];
}
