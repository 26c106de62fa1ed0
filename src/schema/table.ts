import { z } from 'zod';
import { column } from './column.js';
import { constraint } from './constraint.js';
import {
  commented,
  type DeepReadonly,
  flag,
  name,
  object,
  optionalText,
  optionalTexts,
  owned,
  qualifiedName,
  schemaName,
  text,
  texts,
} from './parts.js';
import { statistics } from './statistics.js';
import { tableIndex } from './table-index.js';
import { policy, rule, trigger } from './trigger.js';

const partitionKey = object('PartitionKey', {
  strategy: z.enum(['range', 'list', 'hash']),
  definition: text('Strategy and key, as they stand behind `partition by`.'),
  columns: texts('The columns of the key; an expression is left out.'),
});

const plainTable = z.strictObject({
  kind: z.literal('table'),
  schema: schemaName,
  name,
  columns: z.array(column).describe('In their order.'),
  constraints: z.array(constraint),
  indexes: z.array(tableIndex),
  triggers: z.array(trigger),
  policies: z.array(policy),
  rules: z.array(rule),
  statistics: z.array(statistics),
  inherits: z.array(qualifiedName).optional().describe('The tables it inherits from, in their order.'),
  partitionBy: partitionKey.optional(),
  partitionOf: z
    .strictObject({
      schema: z.string(),
      name: z.string(),
      bound: text('`FOR VALUES …` or `DEFAULT`.'),
    })
    .optional(),
  foreign: z
    .strictObject({
      server: z.string(),
      options: optionalTexts('As `name=value`, sorted; secrets hidden.'),
    })
    .optional()
    .describe('Where the rows of a foreign table are.'),
  ofType: optionalText('The composite type of a typed table.'),
  rowSecurity: flag('Its policies are in force.'),
  forceRowSecurity: flag('Its policies bind its owner too.'),
  replicaIdentity: z
    .enum(['full', 'nothing', 'index'])
    .optional()
    .describe('What logical replication identifies rows by, where it is not the primary key.'),
  unlogged: flag('It is not crash-safe.'),
  accessMethod: optionalText('Where it is not heap.'),
  tablespace: optionalText("Where it is not the database's."),
  options: optionalTexts('Storage parameters as `name=value`, sorted.'),
  ...owned,
  ...commented,
});

/** A table: ordinary, partitioned (`partitionBy`), a partition (`partitionOf`), or foreign (`foreign`). */
export interface Table extends DeepReadonly<z.infer<typeof plainTable>> {
  /** Only in a folded model: its partitions, without what this table implies. */
  readonly partitions?: readonly Table[];
}

export const table: z.ZodType<Table> = plainTable
  .extend({
    partitions: z
      .array(z.lazy(() => table))
      .optional()
      .describe('Only in a folded model: its partitions, without what this table implies.'),
  })
  .meta({ id: 'Table' });

export type PartitionKey = DeepReadonly<z.infer<typeof partitionKey>>;
