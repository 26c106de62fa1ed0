/**
 * The dictionary: the schema model as a reader asks about it. A table knows who refers to it, a field knows its rules,
 * its values and an example. Pages are rendered from it, and `dictionary.json` is it.
 */
import { z } from 'zod';
import type { DeepReadonly } from '../../schema/index.js';

/** The version of the dictionary's JSON form; it grows when a reader of the older form would misread the new one. */
export const DICTIONARY_FORMAT = 1;

const name = z.string();
const names = z.array(z.string());
const flag = (meaning: string) => z.literal(true).optional().describe(meaning);
const meaning = z.string().optional().describe('The comment in the database.');
const end = z.strictObject({ schema: name, table: name, fields: names });

const key = z.strictObject({ name, fields: names, meaning });

const check = z.strictObject({
  name,
  expression: z.string().describe('As PostgreSQL writes it.'),
  meaning,
});

const definition = z.strictObject({ name, definition: z.string(), meaning });

const relationship = z
  .strictObject({
    name,
    from: end.describe('The referring fields.'),
    to: end.describe('Those that are referred to.'),
    cardinality: z
      .enum(['one', 'many'])
      .describe('How many rows on the referring side one referred row can have.'),
    optional: z.boolean().describe('The referring fields may be null.'),
    onDelete: z.string().optional(),
    onUpdate: z.string().optional(),
    notEnforced: flag('It is written down only, and never checked.'),
    meaning,
  })
  .describe('A foreign key.');

const index = z.strictObject({
  name,
  method: z.string(),
  keys: names,
  include: names.optional(),
  predicate: z.string().optional(),
  unique: flag('No two rows agree in its keys.'),
  constraint: z.string().optional().describe('The kind of constraint that owns it.'),
  serves: z
    .string()
    .optional()
    .describe('The queries it is there for: its comment, or that of its constraint.'),
});

const policy = z.strictObject({
  name,
  command: z.string(),
  roles: names,
  restrictive: flag('It takes rows away instead of adding some.'),
  using: z.string().optional(),
  withCheck: z.string().optional(),
  meaning,
});

const field = z.strictObject({
  name,
  type: z.string().describe('As PostgreSQL writes it in full.'),
  nullable: z.boolean(),
  default: z.string().optional(),
  identity: z.enum(['always', 'by default']).optional(),
  generated: z.strictObject({ expression: z.string(), storage: z.enum(['stored', 'virtual']) }).optional(),
  primaryKeyPosition: z.int().optional().describe('Its place in the primary key, from 1.'),
  unique: flag('It alone is a unique key.'),
  references: names.describe('The tables that it leads to, as schema.table.'),
  checks: z.array(check).describe('The checks that read this field only.'),
  values: names.optional().describe('All values that it can have, where its type or a check lists them.'),
  meaning,
  classification: z.string().optional().describe('Its class, where classes are given.'),
  example: z.string().optional().describe('A made-up value that it takes, as text; never read from a row.'),
});

const entity = z
  .strictObject({
    kind: z.enum(['table', 'partitioned table', 'foreign table', 'view', 'materialized view']),
    schema: name,
    name,
    page: z.string().describe('Its own page, from the folder of the documents.'),
    meaning,
    rowEstimate: z.number().optional().describe('About how many rows it has, where that was asked for.'),
    fields: z.array(field),
    primaryKey: key.optional(),
    uniqueKeys: z.array(key),
    checks: z.array(check),
    exclusions: z.array(definition),
    references: z.array(relationship).describe('Its foreign keys.'),
    referencedBy: z.array(relationship).describe('The foreign keys that lead to it, by table and name.'),
    indexes: z.array(index),
    triggers: z.array(definition),
    policies: z.array(policy),
    rowSecurity: flag('Its policies are in force.'),
    partitionBy: z
      .string()
      .optional()
      .describe('Strategy and key; the partitions themselves come and go, and are not listed.'),
    inherits: names.optional(),
    definition: z.string().optional().describe('The query of a view.'),
  })
  .describe('A table or a view.');

const type = z.strictObject({
  kind: z.enum(['enum', 'composite type', 'domain', 'range', 'base type']),
  name,
  definition: z
    .string()
    .describe('What it is made of: its labels, attributes, base type or subtype, as one line.'),
  meaning,
});

const routine = z.strictObject({
  kind: z.string(),
  signature: z.string().describe('Name and identity arguments.'),
  result: z.string().optional(),
  meaning,
});

const schema = z
  .strictObject({
    name,
    meaning,
    entities: z.array(entity),
    types: z.array(type),
    routines: z.array(routine),
  })
  .describe('A schema that holds something.');

export const dictionarySchema = z
  .strictObject({
    kind: z.literal('dictionary'),
    format: z.literal(DICTIONARY_FORMAT),
    schemas: z.array(schema),
  })
  .describe(
    'What the tables and fields of a database mean. A property is absent where there is nothing to say.',
  );

export type Dictionary = DeepReadonly<z.infer<typeof dictionarySchema>>;
/** A schema that holds something; its lists are in the model's order. */
export type DictionarySchema = Dictionary['schemas'][number];
/** A table or a view. */
export type Entity = DictionarySchema['entities'][number];
export type Field = Entity['fields'][number];
export type CheckEntry = Entity['checks'][number];
/** A foreign key, from the referring fields to those that are referred to. */
export type Relationship = Entity['references'][number];
export type IndexEntry = Entity['indexes'][number];
export type PolicyEntry = Entity['policies'][number];
export type TypeEntry = DictionarySchema['types'][number];
export type RoutineEntry = DictionarySchema['routines'][number];

/** The JSON Schema of `dictionary.json`, which `docs/schemas/dictionary.schema.json` publishes. */
export function dictionaryJsonSchema(): Record<string, unknown> {
  return { title: 'Plinth data dictionary', ...z.toJSONSchema(dictionarySchema) };
}

/** What a dictionary says beyond the model. Everything may be left out. */
export interface DictionaryExtras {
  /** The class of each column, by `schema.table.column`; with it, the pages have a column for it. */
  readonly classification?: ReadonlyMap<string, string>;
  /** Example values that are better than the made-up ones, by `schema.table.column`. */
  readonly examples?: ReadonlyMap<string, string>;
  /** About how many rows each table has, by `schema.table`. It changes from day to day: not for committed pages. */
  readonly rowEstimates?: ReadonlyMap<string, number>;
  /** Mermaid text for tables' pages instead of the plain diagram of neighbours, by `schema.table`. */
  readonly diagrams?: ReadonlyMap<string, string>;
}
