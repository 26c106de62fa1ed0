import { z } from 'zod';
import {
  commented,
  type DeepReadonly,
  definition,
  name,
  object,
  optionalNumber,
  optionalTexts,
  owned,
  schemaName,
  texts,
} from './parts.js';

export const statistics = object('Statistics', {
  kind: z.literal('statistics'),
  schema: schemaName,
  name,
  definition,
  columns: texts('Sorted.'),
  expressions: optionalTexts('The expressions beside the columns.'),
  kinds: texts('ndistinct, dependencies, mcv or expressions, sorted.'),
  target: optionalNumber('The detail that analyze gathers, where it has been set.'),
  owner: owned.owner,
  ...commented,
});

/** Extended statistics of a table. */
export type Statistics = DeepReadonly<z.infer<typeof statistics>>;
