import { z } from 'zod';
import { column } from './column.js';
import {
  commented,
  type DeepReadonly,
  definition,
  name,
  object,
  optionalText,
  optionalTexts,
  owned,
  schemaName,
} from './parts.js';
import { statistics } from './statistics.js';
import { tableIndex } from './table-index.js';
import { rule, trigger } from './trigger.js';

export const view = object('View', {
  kind: z.enum(['view', 'materialized view']),
  schema: schemaName,
  name,
  definition,
  columns: z.array(column).describe('In their order.'),
  indexes: z.array(tableIndex).describe('Of a materialized view.'),
  triggers: z.array(trigger),
  rules: z.array(rule),
  statistics: z.array(statistics).describe('Of a materialized view.'),
  options: optionalTexts('As `name=value`, sorted: security_barrier, security_invoker, check_option, …'),
  accessMethod: optionalText('Of a materialized view, where it is not heap.'),
  tablespace: optionalText("Of a materialized view, where it is not the database's."),
  ...owned,
  ...commented,
});

export type View = DeepReadonly<z.infer<typeof view>>;
