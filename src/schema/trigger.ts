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
  qualifiedName,
  text,
} from './parts.js';

const firing = {
  enabled: z
    .enum(['disabled', 'replica', 'always'])
    .optional()
    .describe('Absent where it fires in ordinary sessions.'),
};

export const trigger = object('Trigger', {
  kind: z.literal('trigger'),
  name,
  definition,
  function: qualifiedName,
  ...firing,
  inherited: flag("It is the partition's copy of a trigger of the partitioned table."),
  ...commented,
});

export const rule = object('Rule', { kind: z.literal('rule'), name, definition, ...firing, ...commented });

export const policy = object('Policy', {
  kind: z.literal('policy'),
  name,
  command: z.enum(['all', 'select', 'insert', 'update', 'delete']),
  restrictive: flag('It narrows what others allow.'),
  roles: z.array(z.string()).describe('Sorted; `public` for everybody.'),
  using: optionalText('Which rows are seen.'),
  withCheck: optionalText('Which rows may be written.'),
  ...commented,
});

export const eventTrigger = object('EventTrigger', {
  kind: z.literal('event trigger'),
  name,
  event: text('ddl_command_start, ddl_command_end, sql_drop, table_rewrite or login.'),
  function: qualifiedName,
  tags: optionalTexts('The commands it is for, sorted.'),
  ...firing,
  owner: owned.owner,
  ...commented,
});

export type Trigger = DeepReadonly<z.infer<typeof trigger>>;
/** A rewrite rule other than the one that makes a view. */
export type Rule = DeepReadonly<z.infer<typeof rule>>;
/** A row-level security policy. */
export type Policy = DeepReadonly<z.infer<typeof policy>>;
export type EventTrigger = DeepReadonly<z.infer<typeof eventTrigger>>;
