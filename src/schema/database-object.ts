/** What belongs to the database as a whole, or is too rare to need a shape of its own. */
import { z } from 'zod';
import {
  commented,
  type DeepReadonly,
  flag,
  granted,
  name,
  object,
  optionalText,
  optionalTexts,
  owned,
  schemaName,
  text,
  texts,
} from './parts.js';

export const namespace = object('Namespace', { kind: z.literal('schema'), name, ...owned, ...commented });

export const extension = object('Extension', {
  kind: z.literal('extension'),
  name,
  schema: text('The schema that its objects are in; they are no part of the model.'),
  version: z.string(),
  ...commented,
});

export const foreignDataWrapper = object('ForeignDataWrapper', {
  kind: z.literal('foreign data wrapper'),
  name,
  handler: optionalText('The function that runs it.'),
  validator: optionalText('The function that checks its options.'),
  options: optionalTexts('As `name=value`, sorted; secrets hidden.'),
  ...owned,
  ...commented,
});

export const foreignServer = object('ForeignServer', {
  kind: z.literal('foreign server'),
  name,
  wrapper: z.string(),
  type: z.string().optional(),
  version: z.string().optional(),
  options: optionalTexts('As `name=value`, sorted; secrets hidden.'),
  users: optionalTexts('The roles with a user mapping, sorted; `public` for everybody.'),
  ...owned,
  ...commented,
});

export const publication = object('Publication', {
  kind: z.literal('publication'),
  name,
  allTables: flag('It publishes every table.'),
  operations: texts('insert, update, delete, truncate: those it publishes.'),
  viaRoot: flag('Changes of partitions are published as those of the partitioned table.'),
  generatedColumns: flag('Stored generated columns are published.'),
  tables: z.array(
    z.strictObject({
      schema: schemaName,
      name,
      columns: optionalTexts('Sorted; absent for all.'),
      where: optionalText('The rows that are published.'),
    }),
  ),
  schemas: texts('The schemas whose tables it publishes.'),
  owner: owned.owner,
  ...commented,
});

export const defaultPrivileges = object('DefaultPrivileges', {
  kind: z.literal('default privileges'),
  role: text('The role whose new objects they are for.'),
  schema: optionalText('The schema they are limited to.'),
  objects: z.enum(['tables', 'sequences', 'functions', 'types', 'schemas', 'large objects']),
  ...granted,
});

export const otherObject = object('OtherObject', {
  kind: z.enum([
    'access method',
    'cast',
    'collation',
    'conversion',
    'language',
    'operator',
    'operator class',
    'operator family',
    'text search configuration',
    'text search dictionary',
    'text search parser',
    'text search template',
    'transform',
  ]),
  identity: text('Its full name, as PostgreSQL identifies objects.'),
  definition: text('The statements that make it, each on a line of its own and parted by semicolons.'),
  owner: optionalText('The role that owns it, where such an object has an owner.'),
  ...granted,
  ...commented,
});

/** A schema of the database: PostgreSQL's namespace. */
export type Namespace = DeepReadonly<z.infer<typeof namespace>>;
export type Extension = DeepReadonly<z.infer<typeof extension>>;
export type ForeignDataWrapper = DeepReadonly<z.infer<typeof foreignDataWrapper>>;
export type ForeignServer = DeepReadonly<z.infer<typeof foreignServer>>;
export type Publication = DeepReadonly<z.infer<typeof publication>>;
export type DefaultPrivileges = DeepReadonly<z.infer<typeof defaultPrivileges>>;
/** An object of a kind that few schemas have: a cast, a collation, an operator, … */
export type OtherObject = DeepReadonly<z.infer<typeof otherObject>>;
