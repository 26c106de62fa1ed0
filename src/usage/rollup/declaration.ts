/** The form of `analytics/rollups/<name>.yml`: validation, types and the JSON Schema for editors come from here. */
import { z } from 'zod';
import { parseDuration } from '../../config/index.js';
import { GRAINS } from '../grain.js';
import { isDimension, SOURCE_COLUMNS } from './source-columns.js';

const dimensionNames = SOURCE_COLUMNS.filter(isDimension).map(({ name }) => name);
const numberNames = SOURCE_COLUMNS.filter(({ type }) => type === 'bigint').map(({ name }) => name);

const duration = z.string().refine((value) => parseDuration(value) !== undefined, {
  error: 'a duration such as 15s, 12h or 400d was wanted',
});

const meaning = z.string().min(1).describe('One sentence; it becomes the comment of the column.').optional();

const measure = z.union(
  [
    z.strictObject({
      count: z
        .string()
        .min(1)
        .describe('`all`, or a condition on columns of events: status >= 400 or error_type is not null.'),
      meaning,
    }),
    z.strictObject({ sum: z.enum(numberNames).describe('The sum of a whole number.'), meaning }),
    z.strictObject({
      cost: z.literal('cost_nanos').describe('A sum of money. The currency must be a dimension.'),
      meaning,
    }),
    z.strictObject({
      percentiles: z.enum(['latency_us', 'ttft_us']).describe('A histogram that percentiles are read from.'),
      meaning,
    }),
    z.strictObject({
      distinct: z.enum(dimensionNames).describe('How many different values there are.'),
      estimated: z
        .boolean()
        .default(false)
        .describe(
          'By a sketch that merges, with a standard error of 2.3 %; else exact, for this bucket alone.',
        ),
      meaning,
    }),
    z.strictObject({
      rate: z.string().min(1).describe('The name of a count or sum.'),
      per: z.string().min(1).describe('The name of the count or sum that it is a share of.'),
      meaning,
    }),
  ],
  { error: 'one of count, sum, cost, percentiles, distinct and rate with per was wanted' },
);

const measureName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,40}$/, { error: 'a name of a-z, 0-9 and _ was wanted, up to 41' });

export const declarationSchema = z.strictObject({
  version: z.literal(1).describe('The version of this format.'),
  description: z.string().min(1).describe('What the rollup answers, in a sentence.'),
  source: z
    .string()
    .min(1)
    .default('usage_events')
    .describe('`usage_events`, or the name of a finer rollup, whose rows are added up.'),
  grain: z.enum(GRAINS).describe('The width of a bucket, in UTC.'),
  dimensions: z.array(z.enum(dimensionNames)).describe('Columns that tell the rows of a bucket apart.'),
  measures: z
    .union(
      [
        z.record(measureName, measure).describe('The measures by name.'),
        z.array(measureName).describe('Over a rollup: which of its measures are added up.'),
      ],
      { error: 'measures by name were wanted, or over a rollup a list of its measures' },
    )
    .describe('What is counted and summed.'),
  cap: z
    .partialRecord(z.enum(dimensionNames), z.int().min(1))
    .describe(
      'The most values of a dimension in one bucket of one organization; the others are folded into one.',
    )
    .default({}),
  retention: duration.optional().describe('How long rows are kept; for good unless told.'),
  settle: duration
    .default('0s')
    .describe('How long a bucket rests after it was marked before it is recomputed. Default 0s.'),
});

export type Declaration = z.output<typeof declarationSchema>;
export type DeclaredMeasure = z.output<typeof measure>;

/** The JSON Schema of rollup declarations, for editors. */
export function rollupJsonSchema(): object {
  return z.toJSONSchema(declarationSchema, { io: 'input', unrepresentable: 'any', target: 'draft-7' });
}
