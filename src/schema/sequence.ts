import { z } from 'zod';
import {
  commented,
  type DeepReadonly,
  flag,
  name,
  object,
  optionalText,
  owned,
  schemaName,
  text,
} from './parts.js';

/** What a sequence counts; 64-bit numbers are written as text. */
export const sequenceSettings = {
  start: optionalText('The first value, where it is not the minimum of the direction.'),
  increment: optionalText('The step, where it is not 1.'),
  minimum: optionalText('Where it is not the default of the type and direction.'),
  maximum: optionalText('Where it is not the default of the type and direction.'),
  cache: optionalText('How many values a session takes at once, where it is not 1.'),
  cycle: flag('It starts again when it has reached its end.'),
};

export const sequence = object('Sequence', {
  kind: z.literal('sequence'),
  schema: schemaName,
  name,
  type: text('bigint, integer or smallint.'),
  ...sequenceSettings,
  unlogged: flag('It is not crash-safe.'),
  ownedBy: z
    .strictObject({ schema: z.string(), table: z.string(), column: z.string() })
    .optional()
    .describe('The column that it is dropped with.'),
  ...owned,
  ...commented,
});

/** A sequence of its own; those of identity columns are part of their column. */
export type Sequence = DeepReadonly<z.infer<typeof sequence>>;
