/**
 * The schema model: what a PostgreSQL database is made of, as plain data. Drivers write it (`catalog`), everything
 * else reads it. Objects that live on a table are inside it; all others are in one list a kind. Every list has a
 * fixed order: columns and what is like them in their own, the rest by name in the C collation.
 */
import { z } from 'zod';
import {
  defaultPrivileges,
  extension,
  foreignDataWrapper,
  foreignServer,
  namespace,
  otherObject,
  publication,
} from './database-object.js';
import type { DeepReadonly } from './parts.js';
import { routine } from './routine.js';
import { sequence } from './sequence.js';
import { table } from './table.js';
import { eventTrigger } from './trigger.js';
import { dataType } from './type.js';
import { view } from './view.js';

/** The version of the model's JSON form; it grows when a reader of the older form would misread the new one. */
export const MODEL_FORMAT = 1;

export const schemaModel = z
  .strictObject({
    kind: z.literal('schema model'),
    format: z.literal(MODEL_FORMAT),
    postgresMajor: z.int().describe('The major version of the server it was read from.'),
    schemas: z.array(namespace),
    extensions: z.array(extension),
    types: z.array(dataType),
    sequences: z.array(sequence),
    tables: z.array(table),
    views: z.array(view),
    routines: z.array(routine),
    eventTriggers: z.array(eventTrigger),
    foreignDataWrappers: z.array(foreignDataWrapper),
    foreignServers: z.array(foreignServer),
    publications: z.array(publication),
    defaultPrivileges: z.array(defaultPrivileges),
    others: z.array(otherObject),
  })
  .describe('The schema of a PostgreSQL database. A property is absent where PostgreSQL’s default holds.');

/** A database's schema. The JSON form of a model is the model itself. */
export type SchemaModel = DeepReadonly<z.infer<typeof schemaModel>>;

/** The model of a database without objects. */
export function emptyModel(postgresMajor: number): SchemaModel {
  return {
    kind: 'schema model',
    format: MODEL_FORMAT,
    postgresMajor,
    schemas: [],
    extensions: [],
    types: [],
    sequences: [],
    tables: [],
    views: [],
    routines: [],
    eventTriggers: [],
    foreignDataWrappers: [],
    foreignServers: [],
    publications: [],
    defaultPrivileges: [],
    others: [],
  };
}
