import {
  type DataType,
  foldPartitions,
  type Routine,
  type SchemaModel,
  type Table,
  type View,
} from '../../schema/index.js';
import {
  DICTIONARY_FORMAT,
  type Dictionary,
  type DictionaryExtras,
  type DictionarySchema,
  type Entity,
  type RoutineEntry,
  type TypeEntry,
} from './dictionary.js';
import { entityFields } from './fields.js';
import { indexEntries } from './index-entries.js';
import { meaningOf } from './meaning.js';
import { entityKey, pagePaths } from './page-paths.js';
import { relationshipsOf } from './relationships.js';
import type { DictionarySource } from './source.js';

/** The dictionary of a model. Partitions are part of their table; equal models give equal dictionaries. */
export function buildDictionary(model: SchemaModel, extras: DictionaryExtras = {}): Dictionary {
  const folded = foldPartitions(model);
  const source: DictionarySource = {
    types: new Map(folded.types.map((type) => [type.reference, type])),
    pages: pagePaths(folded),
    relationships: relationshipsOf(folded.tables),
    extras,
  };
  const schemas = schemaNames(folded).map((name) => schemaEntry(folded, name, source));
  return { kind: 'dictionary', format: DICTIONARY_FORMAT, schemas };
}

/** The schemas that hold something, in the model's order; one that the model does not list comes last. */
function schemaNames(model: SchemaModel): string[] {
  const used = new Set(
    [...model.tables, ...model.views, ...model.types, ...model.routines].map(({ schema }) => schema),
  );
  const listed = model.schemas.map(({ name }) => name).filter((name) => used.has(name));
  return [...new Set([...listed, ...used])];
}

function schemaEntry(model: SchemaModel, name: string, source: DictionarySource): DictionarySchema {
  const isHere = ({ schema }: { readonly schema: string }) => schema === name;
  return {
    name,
    ...meaningOf(model.schemas.find((schema) => schema.name === name)?.comment),
    entities: [
      ...model.tables.filter(isHere).map((table) => tableEntry(table, source)),
      ...model.views.filter(isHere).map((view) => viewEntry(view, source)),
    ],
    types: model.types.filter(isHere).map(typeEntry),
    routines: model.routines.filter(isHere).map(routineEntry),
  };
}

function tableEntry(table: Table, source: DictionarySource): Entity {
  const key = entityKey(table.schema, table.name);
  const { constraints } = table;
  const primaryKey = constraints.find((constraint) => constraint.kind === 'primary key');
  const unique = constraints.filter((constraint) => constraint.kind === 'unique');
  const checks = constraints.filter((constraint) => constraint.kind === 'check');
  const exclusions = constraints.filter((constraint) => constraint.kind === 'exclusion');
  return {
    kind: table.foreign ? 'foreign table' : table.partitionBy ? 'partitioned table' : 'table',
    ...head(table, source),
    fields: entityFields(table, constraints, table.indexes, source),
    ...(primaryKey ? { primaryKey: keyEntry(primaryKey) } : {}),
    uniqueKeys: unique.map(keyEntry),
    checks: checks.map(({ name, expression, comment }) => ({ name, expression, ...meaningOf(comment) })),
    exclusions: exclusions.map(({ name, definition, comment }) => ({
      name,
      definition,
      ...meaningOf(comment),
    })),
    references: source.relationships.outgoing.get(key) ?? [],
    referencedBy: source.relationships.incoming.get(key) ?? [],
    indexes: indexEntries(table.indexes, constraints),
    triggers: table.triggers.map(({ name, definition, comment }) => ({
      name,
      definition,
      ...meaningOf(comment),
    })),
    policies: table.policies.map(({ kind: _, comment, ...policy }) => ({ ...policy, ...meaningOf(comment) })),
    ...(table.rowSecurity ? { rowSecurity: true as const } : {}),
    ...(table.partitionBy ? { partitionBy: table.partitionBy.definition } : {}),
    ...(table.inherits ? { inherits: table.inherits.map(({ schema, name }) => `${schema}.${name}`) } : {}),
  };
}

function viewEntry(view: View, source: DictionarySource): Entity {
  return {
    kind: view.kind,
    ...head(view, source),
    fields: entityFields(view, [], view.indexes, source),
    uniqueKeys: [],
    checks: [],
    exclusions: [],
    references: [],
    referencedBy: [],
    indexes: indexEntries(view.indexes, []),
    triggers: view.triggers.map(({ name, definition, comment }) => ({
      name,
      definition,
      ...meaningOf(comment),
    })),
    policies: [],
    definition: view.definition,
  };
}

function head({ schema, name, comment }: Table | View, { pages, extras }: DictionarySource) {
  const rowEstimate = extras.rowEstimates?.get(`${schema}.${name}`);
  return {
    schema,
    name,
    page: pages.get(entityKey(schema, name))!,
    ...meaningOf(comment),
    ...(rowEstimate === undefined ? {} : { rowEstimate }),
  };
}

function keyEntry({
  name,
  columns,
  comment,
}: {
  name: string;
  columns: readonly string[];
  comment?: string | undefined;
}) {
  return { name, fields: columns, ...meaningOf(comment) };
}

function typeEntry(type: DataType): TypeEntry {
  return { kind: type.kind, name: type.name, definition: typeDefinition(type), ...meaningOf(type.comment) };
}

function typeDefinition(type: DataType): string {
  switch (type.kind) {
    case 'enum':
      return type.labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ');
    case 'composite type':
      return type.attributes.map(({ name, type }) => `${name} ${type}`).join(', ');
    case 'domain':
      return [
        type.baseType,
        ...(type.notNull ? ['not null'] : []),
        ...(type.default === undefined ? [] : [`default ${type.default}`]),
        ...type.constraints.map(({ definition }) => definition),
      ].join(' ');
    case 'range':
      return `range of ${type.subtype}`;
    case 'base type':
      return `read by ${type.input}, written by ${type.output}`;
  }
}

function routineEntry(routine: Routine): RoutineEntry {
  return {
    kind: routine.kind,
    signature: `${routine.name}(${routine.arguments})`,
    ...(routine.result === undefined ? {} : { result: routine.result }),
    ...meaningOf(routine.comment),
  };
}
