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
  owned,
  schemaName,
  text,
} from './parts.js';

export const routine = object('Routine', {
  kind: z.enum(['function', 'procedure', 'aggregate', 'window function']),
  schema: schemaName,
  name,
  signature: text('The types of its input arguments: what tells it from others of the same name.'),
  arguments: text('Its identity arguments, with names and modes.'),
  result: optionalText('The type it returns; absent for a procedure.'),
  language: z.string(),
  volatility: z.enum(['immutable', 'stable']).optional().describe('Absent for volatile.'),
  securityDefiner: flag('It runs with the rights of its owner.'),
  strict: flag('It gives null for null without being called.'),
  leakproof: flag('It reveals nothing about its arguments.'),
  parallel: z.enum(['safe', 'restricted']).optional().describe('Absent for unsafe.'),
  configuration: optionalTexts('The settings it runs with, as `name=value`, sorted.'),
  definition,
  ...owned,
  ...commented,
});

/** A function, procedure, aggregate or window function. */
export type Routine = DeepReadonly<z.infer<typeof routine>>;
