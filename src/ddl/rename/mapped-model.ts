import type { SchemaModel } from '../../schema/index.js';

interface Mapping {
  readonly text: (text: string) => string;
  readonly object: (object: Readonly<Record<string, unknown>>) => object;
}

/** The properties that hold SQL of the catalogue. */
const TEXTS: ReadonlySet<string> = new Set([
  'definition',
  'expression',
  'default',
  'type',
  'using',
  'withCheck',
  'predicate',
  'where',
  'baseType',
  'subtype',
  'reference',
  'ofType',
  'signature',
  'arguments',
  'result',
  'identity',
]);

/** A copy of the model, or of a part of it, with other texts and objects. */
export function mapped(model: SchemaModel, mapping: Mapping): SchemaModel {
  const visit = (value: unknown, property: string): unknown => {
    if (typeof value === 'string') {
      return TEXTS.has(property) ? mapping.text(value) : value;
    }
    if (Array.isArray(value)) {
      return value.map((one) => visit(one, ''));
    }
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    const copy = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, visit(one, key)]));
    return mapping.object(copy);
  };
  return visit(model, '') as SchemaModel;
}
