/** Where a schema is read from: the one seam through which everything that compares gets its schemas. */
import { readSchema } from '../catalog/index.js';
import { type OnProgress, readText } from '../core/index.js';
import { type Database, withSession } from '../database/index.js';
import { parseModel, type SchemaModel } from '../schema/index.js';
import type { Recipe } from './recipe.js';
import type { Workshop } from './workshop.js';

export type SchemaSource = {
  /** How people call it: `operational@latest`, a file, a connection string without its password. */
  readonly label: string;
} & (
  | { readonly kind: 'database'; readonly database: Database }
  | { readonly kind: 'migrations'; readonly recipe: Recipe }
  | { readonly kind: 'snapshot'; readonly path: string }
);

/** A schema with what one should know about how it came to be. */
export interface ReadSource {
  readonly model: SchemaModel;
  readonly notices: readonly string[];
}

export interface ReadSourceOptions {
  /** Only these schemas. */
  readonly schemas?: readonly string[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Reads a source's schema, Plinth's own records left out.
 * @throws SCHEMA_MODEL_MALFORMED, SCHEMA_MODEL_INVALID, SCHEMA_MODEL_TOO_NEW, FILE_NOT_READ; what connecting and
 * applying throw
 */
export async function readSource(
  source: SchemaSource,
  workshop: Workshop,
  options: ReadSourceOptions = {},
): Promise<ReadSource> {
  switch (source.kind) {
    case 'database':
      return {
        model: await withSession(source.database, (session) => readSchema(session, options)),
        notices: [],
      };
    case 'migrations':
      return await workshop.make(source.recipe, options.schemas);
    case 'snapshot':
      return {
        model: onlySchemas(parseModel(readText(source.path), source.label), options.schemas),
        notices: [],
      };
  }
}

/** What a reading limited to schemas gives. */
function onlySchemas(model: SchemaModel, schemas: readonly string[] | undefined): SchemaModel {
  if (schemas === undefined) {
    return model;
  }
  const within = <T extends { readonly schema: string }>(objects: readonly T[]): readonly T[] =>
    objects.filter(({ schema }) => schemas.includes(schema));
  return {
    ...model,
    schemas: model.schemas.filter(({ name }) => schemas.includes(name)),
    types: within(model.types),
    sequences: within(model.sequences),
    tables: within(model.tables),
    views: within(model.views),
    routines: within(model.routines),
    extensions: [],
    eventTriggers: [],
    foreignDataWrappers: [],
    foreignServers: [],
    publications: [],
    defaultPrivileges: [],
    others: [],
  };
}
