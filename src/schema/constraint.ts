import { z } from 'zod';
import {
  commented,
  type DeepReadonly,
  definition,
  flag,
  name,
  object,
  optionalTexts,
  text,
  texts,
} from './parts.js';

const common = {
  name,
  definition,
  deferrable: flag('`set constraints` may put its check off.'),
  initiallyDeferred: flag('Its check waits for the commit.'),
  inherited: flag('It comes only from a table that this one inherits from or is a partition of.'),
  ...commented,
};

const keyed = {
  columns: texts('In key order.'),
  include: optionalTexts('Columns carried in the index beside the key.'),
  withoutOverlaps: flag('The last column is a range whose values may not overlap.'),
};

const unproven = {
  notValid: flag('Rows that were there before have not been checked.'),
  notEnforced: flag('It is written down only, and never checked.'),
};

const action = z.enum(['restrict', 'cascade', 'set null', 'set default']).optional();

const primaryKey = object('PrimaryKey', { kind: z.literal('primary key'), ...common, ...keyed });

const unique = object('Unique', {
  kind: z.literal('unique'),
  ...common,
  ...keyed,
  nullsNotDistinct: flag('Two nulls are a duplicate.'),
});

const foreignKey = object('ForeignKey', {
  kind: z.literal('foreign key'),
  ...common,
  columns: texts('The referencing columns.'),
  references: z.strictObject({
    schema: z.string(),
    table: z.string(),
    columns: texts('The referenced columns, in the order of `columns`.'),
  }),
  onUpdate: action.describe('Absent for `no action`.'),
  onDelete: action.describe('Absent for `no action`.'),
  onDeleteColumns: optionalTexts('The columns that `on delete set …` sets, where it is not all of them.'),
  match: z.enum(['full', 'partial']).optional(),
  period: flag('The last column is a range that the referenced ranges must cover.'),
  ...unproven,
});

const check = object('Check', {
  kind: z.literal('check'),
  ...common,
  expression: text('What must hold, in brackets.'),
  columns: texts('The columns it reads, sorted.'),
  noInherit: flag('Tables that inherit are not bound by it.'),
  ...unproven,
});

const exclusion = object('Exclusion', {
  kind: z.literal('exclusion'),
  ...common,
  columns: texts('The columns of its elements; an expression is left out.'),
});

export const constraint = z.discriminatedUnion('kind', [primaryKey, unique, foreignKey, check, exclusion]);

/** A table's constraint. `not null` is a property of its column. */
export type Constraint = DeepReadonly<z.infer<typeof constraint>>;
export type PrimaryKey = DeepReadonly<z.infer<typeof primaryKey>>;
export type UniqueConstraint = DeepReadonly<z.infer<typeof unique>>;
export type ForeignKey = DeepReadonly<z.infer<typeof foreignKey>>;
export type CheckConstraint = DeepReadonly<z.infer<typeof check>>;
export type ExclusionConstraint = DeepReadonly<z.infer<typeof exclusion>>;
