/**
 * A mapping says how the columns of a file that Plinth does not know become the fields of events:
 * docs/usage.md#mappings has the format, docs/schemas/usage-mapping.schema.json its schema for editors.
 */
import { z } from 'zod';
import { readText } from '../../core/index.js';
import { USAGE_ERRORS } from '../errors.js';
import { readDeclarationFile } from '../rollup/declaration-file.js';
import { EVENT_FIELD_NAMES, type EventFieldName } from './event-fields.js';

/** Fields that a mapping may name besides those of events. */
const TOTALS = {
  foreign_id: 'what the source calls the event; makes its identity, whichever file and line it comes in',
  input_tokens: 'all input tokens, what was read from and written to the cache included',
  output_tokens: 'all output tokens, reasoning included',
} as const;

export type MappedField = EventFieldName | keyof typeof TOTALS;

const MAPPED_FIELDS = [...EVENT_FIELD_NAMES, ...(Object.keys(TOTALS) as (keyof typeof TOTALS)[])] as const;

const UNITS = ['iso', 's', 'ms', 'us', 'ns', 'unit', 'nano'] as const;

export type Unit = (typeof UNITS)[number];

const FROM = z.string().min(1).max(200);

const FIELD = z.union([
  FROM.describe('the column, or the path in a JSON line, such as response.model'),
  z
    .strictObject({
      from: FROM.describe('the column, or the path in a JSON line'),
      unit: z
        .enum(UNITS)
        .optional()
        .describe(
          'of a time: iso or since 1970 s, ms, us, ns; of a duration: s, ms, us, ns; of a cost: unit or nano',
        ),
      values: z.record(z.string(), z.string()).optional().describe('what each value of the file stands for'),
    })
    .describe('a column whose values are in another unit or under other names'),
  z.strictObject({ value: z.string().min(1) }).describe('the same value for every event'),
]);

const MAPPING = z.strictObject({
  version: z.literal(1),
  format: z.enum(['csv', 'jsonl']).describe('jsonl for Parquet files too: their rows become JSON'),
  source: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._:-]{0,63}$/, '1 to 64 of a-z, 0-9, dot, underscore, colon and hyphen')
    .optional()
    .describe('who reported the events; part of their identity'),
  fields: z.partialRecord(z.enum(MAPPED_FIELDS as [MappedField, ...MappedField[]]), FIELD),
  usage: z
    .strictObject({
      from: z
        .string()
        .max(200)
        .default('')
        .describe('the path of the answer in the line; the line itself when empty'),
      provider: z.string().min(1),
      flavor: z.string().min(1).optional(),
    })
    .optional()
    .describe("a provider's answer to read model and tokens from; for jsonl"),
});

export type Mapping = z.output<typeof MAPPING>;

/** The JSON Schema of a mapping, for editors. */
export function mappingJsonSchema(): object {
  return z.toJSONSchema(MAPPING, { io: 'input', target: 'draft-7' });
}

export type FieldRule = NonNullable<Mapping['fields'][MappedField]>;

/** Reads a mapping file. @throws USAGE_MAPPING_INVALID at the line and column of the fault; FILE_NOT_READ */
export function readMapping(file: string): Mapping {
  const { value, fail } = readDeclarationFile(
    { text: readText(file), file },
    MAPPING,
    USAGE_ERRORS.MAPPING_INVALID,
  );
  if (value.usage && value.format !== 'jsonl') {
    fail(['usage'], "a provider's answer can be read from JSON lines only");
  }
  for (const [field, rule] of Object.entries(value.fields)) {
    if (typeof rule === 'object' && 'unit' in rule && rule.unit !== undefined) {
      const allowed = unitsOf(field);
      if (!allowed.includes(rule.unit)) {
        fail(
          ['fields', field, 'unit'],
          `'${field}' has no unit '${rule.unit}' (${allowed.join(', ') || 'none'} was wanted)`,
        );
      }
    }
  }
  if (!value.fields.event_time && !value.fields.event_id) {
    fail(['fields'], 'neither event_time nor event_id is mapped, so no event would have a time');
  }
  return value;
}

function unitsOf(field: string): readonly Unit[] {
  switch (field) {
    case 'event_time':
      return ['iso', 's', 'ms', 'us', 'ns'];
    case 'ttft_us':
    case 'latency_us':
      return ['s', 'ms', 'us', 'ns'];
    case 'cost_nanos':
      return ['unit', 'nano'];
    default:
      return [];
  }
}
