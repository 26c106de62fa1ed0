import { z } from 'zod';
import {
  commented,
  type DeepReadonly,
  flag,
  granted,
  name,
  object,
  optionalNumber,
  optionalText,
  optionalTexts,
  text,
} from './parts.js';
import { sequenceSettings } from './sequence.js';

export const identity = object('Identity', {
  generation: z.enum(['always', 'by default']),
  sequence: text("The name of the sequence behind it, in the table's schema."),
  type: optionalText("The sequence's type, where it is not the column's."),
  ...sequenceSettings,
  ...commented,
  ...granted,
});

export const column = object('Column', {
  kind: z.literal('column'),
  name,
  type: text('As format_type writes it: `character varying(40)`, `public.mood[]`.'),
  notNull: flag('It refuses null.'),
  notNullConstraint: z
    .strictObject({
      name: optionalText('Where it is not <table>_<column>_not_null.'),
      noInherit: flag('Tables that inherit are not bound by it.'),
      notValid: flag('Rows that were there before have not been checked.'),
      ...commented,
    })
    .optional()
    .describe('What PostgreSQL 18 and newer know about the constraint behind `notNull`.'),
  default: optionalText('The default expression.'),
  identity: identity.optional(),
  generated: z.strictObject({ expression: z.string(), storage: z.enum(['stored', 'virtual']) }).optional(),
  collation: optionalText("Where it is not the type's, qualified outside pg_catalog."),
  storage: z
    .enum(['plain', 'external', 'main', 'extended'])
    .optional()
    .describe("Where it is not the type's."),
  compression: z.enum(['pglz', 'lz4']).optional(),
  statisticsTarget: optionalNumber('The detail that analyze gathers, where it has been set.'),
  options: optionalTexts('As `name=value`, sorted.'),
  foreignOptions: optionalTexts('The options of a foreign table’s column, as `name=value`, sorted.'),
  inherited: flag('It comes only from a table that this one inherits from. Not set on partitions.'),
  ...granted,
  ...commented,
});

/** A column of a table or view. */
export type Column = DeepReadonly<z.infer<typeof column>>;
export type Identity = DeepReadonly<z.infer<typeof identity>>;
