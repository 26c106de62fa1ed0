import { z } from 'zod';
import {
  commented,
  type DeepReadonly,
  definition,
  flag,
  name,
  object,
  optionalText,
  optionalTexts,
  text,
} from './parts.js';

export const indexKey = object('IndexKey', {
  column: optionalText('The column; absent for an expression.'),
  expression: optionalText('The expression; absent for a column.'),
  opclass: optionalText("Where it is not its type's default."),
  collation: optionalText("Where it is not the column's."),
  descending: flag('It is sorted downwards.'),
  nulls: z.enum(['first', 'last']).optional().describe('Where it is not the default of the direction.'),
});

export const tableIndex = object('TableIndex', {
  kind: z.literal('index'),
  name,
  definition,
  method: text('btree, hash, gin, gist, …'),
  keys: z.array(indexKey),
  include: optionalTexts('Columns carried beside the keys.'),
  predicate: optionalText('The condition of a partial index.'),
  unique: flag('It refuses duplicates.'),
  nullsNotDistinct: flag('Two nulls are a duplicate.'),
  constraint: optionalText('The primary key, unique or exclusion constraint that owns it.'),
  invalid: flag('A concurrent build of it failed, or a partition lacks its part of it.'),
  clustered: flag('`cluster` orders the table by it.'),
  replicaIdentity: flag('Logical replication identifies rows by it.'),
  inherited: flag("It is the partition's part of an index of the partitioned table."),
  options: optionalTexts('Storage parameters as `name=value`, sorted.'),
  tablespace: optionalText("Where it is not the database's."),
  ...commented,
});

/** An index of a table or materialized view. */
export type TableIndex = DeepReadonly<z.infer<typeof tableIndex>>;
export type IndexKey = DeepReadonly<z.infer<typeof indexKey>>;
