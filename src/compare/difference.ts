/** One difference between two schemas, as `--format json` tells it; docs/schemas/diff.schema.json is made from this. */
import { z } from 'zod';

const KINDS = [
  'schema',
  'extension',
  'type',
  'attribute',
  'domain constraint',
  'sequence',
  'table',
  'view',
  'column',
  'constraint',
  'index',
  'trigger',
  'policy',
  'rule',
  'statistics',
  'routine',
  'event trigger',
  'foreign data wrapper',
  'foreign server',
  'publication',
  'default privileges',
  'other object',
] as const;

export const address = z
  .strictObject({
    kind: z.enum(KINDS),
    path: z.array(z.string()).readonly().describe('Exact names from the outside in.'),
  })
  .readonly();

const model = z.record(z.string(), z.unknown()).readonly();

export const difference = z
  .strictObject({
    change: z
      .enum(['added', 'removed', 'changed', 'reordered'])
      .describe('`added`: only the second schema has it. `removed`: only the first.'),
    kind: z.enum(KINDS),
    path: z.array(z.string()).readonly().describe('Exact names from the outside in.'),
    of: address.optional().describe('The table, view or type that it is a part of.'),
    before: model.optional().describe('The object in the first schema: see schema-model.schema.json.'),
    after: model.optional().describe('The object in the second schema.'),
    properties: z
      .array(
        z
          .strictObject({
            property: z.string(),
            before: z.unknown().optional().describe('Absent where PostgreSQL’s default holds.'),
            after: z.unknown().optional(),
          })
          .readonly(),
      )
      .readonly()
      .optional()
      .describe('What of it changed.'),
    order: z
      .strictObject({
        moved: z.array(z.string()).readonly().describe('The fewest columns that must move.'),
        before: z.array(z.string()).readonly(),
        after: z.array(z.string()).readonly(),
      })
      .readonly()
      .optional()
      .describe('The columns that both schemas have, where their order is another.'),
  })
  .readonly();

export type Difference = z.infer<typeof difference>;
