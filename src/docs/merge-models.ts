import type { SchemaModel } from '../schema/index.js';
import { DOCS_ERRORS } from './errors.js';

/**
 * One model of several databases, for documents and types: schemas, types, tables, views and routines of all of them,
 * by schema and name. What is in several databases alike is there once.
 * @throws DOCS_SCHEMAS_CLASH when an object of one name differs.
 */
export function mergeModels(models: readonly [SchemaModel, ...SchemaModel[]]): SchemaModel {
  const [first, ...others] = models;
  if (others.length === 0) {
    return first;
  }
  const all = <Item>(list: (model: SchemaModel) => readonly Item[]) => models.flatMap(list);
  return {
    ...first,
    schemas: firstOfEach(
      all((model) => model.schemas),
      ({ name }) => [name],
    ),
    types: unique(
      'type',
      all((model) => model.types),
      ({ schema, name }) => [schema, name],
    ),
    tables: unique(
      'table',
      all((model) => model.tables),
      ({ schema, name }) => [schema, name],
    ),
    views: unique(
      'view',
      all((model) => model.views),
      ({ schema, name }) => [schema, name],
    ),
    routines: unique(
      'function',
      all((model) => model.routines),
      ({ schema, name, signature }) => [schema, name, signature],
    ),
  };
}

type PathOf<Item> = (item: Item) => readonly string[];

function firstOfEach<Item>(items: readonly Item[], pathOf: PathOf<Item>): Item[] {
  const byPath = new Map<string, Item>();
  for (const item of items) {
    const path = pathOf(item).join('\0');
    byPath.set(path, byPath.get(path) ?? item);
  }
  return [...byPath].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

function unique<Item>(kind: string, items: readonly Item[], pathOf: PathOf<Item>): Item[] {
  const kept = firstOfEach(items, pathOf);
  const texts = new Map(kept.map((item) => [pathOf(item).join('\0'), JSON.stringify(item)]));
  const other = items.find((item) => texts.get(pathOf(item).join('\0')) !== JSON.stringify(item));
  if (other !== undefined) {
    throw DOCS_ERRORS.SCHEMAS_CLASH({
      message: `Cannot document the databases together: the ${kind} ${pathOf(other).join('.')} is not the same in all that have it`,
      details: { kind, path: pathOf(other) },
    });
  }
  return kept;
}
