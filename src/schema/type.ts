import { z } from 'zod';
import {
  commented,
  type DeepReadonly,
  definition,
  flag,
  name,
  object,
  optionalText,
  owned,
  schemaName,
  text,
  texts,
} from './parts.js';

const common = {
  schema: schemaName,
  name,
  reference: text('How columns name it in `type`.'),
};

const ownership = { ...owned, ...commented };

const enumType = object('EnumType', {
  kind: z.literal('enum'),
  ...common,
  labels: texts('In their order.'),
  ...ownership,
});

const attribute = object('Attribute', {
  kind: z.literal('attribute'),
  name,
  type: z.string(),
  collation: optionalText("Where it is not the type's."),
  ...commented,
});

const compositeType = object('CompositeType', {
  kind: z.literal('composite type'),
  ...common,
  attributes: z.array(attribute).describe('In their order.'),
  ...ownership,
});

const domainConstraint = object('DomainConstraint', {
  kind: z.literal('domain constraint'),
  name,
  definition,
  notValid: flag('Values that were there before have not been checked.'),
  ...commented,
});

export const domain = object('Domain', {
  kind: z.literal('domain'),
  ...common,
  baseType: z.string(),
  notNull: flag('It refuses null.'),
  default: optionalText('The default expression.'),
  collation: optionalText("Where it is not the base type's."),
  constraints: z.array(domainConstraint),
  ...ownership,
});

const rangeType = object('RangeType', {
  kind: z.literal('range'),
  ...common,
  subtype: z.string(),
  multirange: text('The name of its multirange type, in the same schema.'),
  opclass: optionalText("Where it is not the subtype's default."),
  collation: optionalText("Where it is not the subtype's."),
  canonical: optionalText('The function that makes equal ranges identical.'),
  subtypeDifference: optionalText('The function that tells how far apart two values are.'),
  ...ownership,
});

const baseType = object('BaseType', {
  kind: z.literal('base type'),
  ...common,
  input: text('The function that reads it.'),
  output: text('The function that writes it.'),
  ...ownership,
});

export const dataType = z.discriminatedUnion('kind', [enumType, compositeType, domain, rangeType, baseType]);

/** A type that the schema defines; the types of tables' rows and of arrays are left out. */
export type DataType = DeepReadonly<z.infer<typeof dataType>>;
export type EnumType = DeepReadonly<z.infer<typeof enumType>>;
export type CompositeType = DeepReadonly<z.infer<typeof compositeType>>;
export type Domain = DeepReadonly<z.infer<typeof domain>>;
export type DomainConstraint = DeepReadonly<z.infer<typeof domainConstraint>>;
export type RangeType = DeepReadonly<z.infer<typeof rangeType>>;
export type BaseType = DeepReadonly<z.infer<typeof baseType>>;
