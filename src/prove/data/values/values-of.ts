import type { TypeFacts, Types } from '../type-facts.js';
import { arrayText, compositeText, rangeText } from './literals.js';
import { numberValues } from './number-values.js';
import { otherValues } from './other-values.js';
import { textValues } from './text-values.js';
import { timeValues } from './time-values.js';
import { counted, listed, type TypeValues } from './type-values.js';

/** What types whose values cannot be computed have been found to take: domains, and types that are not known. */
export type FoundValues = ReadonlyMap<string, readonly string[]>;

/** The values of a type; `undefined` where none is known. */
export type ValuesOf = (type: string) => TypeValues | undefined;

/** Makes the function that gives the values of every type of a database. */
export function valuesOfTypes(types: Types, found: FoundValues): ValuesOf {
  const made = new Map<string, TypeValues | undefined>();
  const valuesOf: ValuesOf = (type) => {
    if (!made.has(type)) {
      // A type may hold itself, by arrays of a composite type.
      made.set(type, undefined);
      const facts = types.get(type);
      made.set(type, facts && typeValues(facts, valuesOf, found));
    }
    return made.get(type);
  };
  return valuesOf;
}

/** The same, but texts are values of a type, by the name that PostgreSQL's messages have for it. */
export function withTextsAs(types: Types, valuesOf: ValuesOf, read: string): ValuesOf {
  const texts = /^jsonb?$/.test(read)
    ? counted(1_000_000, (n) => `{"n": ${n}}`)
    : baseValues(CATALOGUE_NAMES[read] ?? read, -1);
  return (type) =>
    texts && /^(text|character varying)$/.test(type) && types.get(type)?.kind === 'base'
      ? texts
      : valuesOf(type);
}

const CATALOGUE_NAMES: Readonly<Record<string, string>> = {
  smallint: 'int2',
  integer: 'int4',
  bigint: 'int8',
  real: 'float4',
  'double precision': 'float8',
  boolean: 'bool',
  'timestamp with time zone': 'timestamptz',
  'time with time zone': 'timetz',
};

function typeValues(facts: TypeFacts, valuesOf: ValuesOf, found: FoundValues): TypeValues | undefined {
  const list = found.get(facts.type);
  if (list !== undefined) {
    return list.length === 0 ? undefined : listed(list);
  }
  switch (facts.kind) {
    case 'base':
      return baseValues(facts.name, facts.typmod);
    case 'enum':
      return facts.labels?.length ? listed(facts.labels) : undefined;
    case 'domain':
      return valuesOf(facts.of!);
    case 'array':
      return arrayValues(valuesOf(facts.of!));
    case 'composite':
      return compositeValues((facts.attributes ?? []).map(valuesOf));
    case 'range':
      return rangeValues(valuesOf(facts.of!));
    case 'multirange':
      return multirangeValues(valuesOf(facts.of!));
  }
}

/** The values of a base type by its name; `undefined` for one that is not known. */
export function baseValues(name: string, typmod: number): TypeValues | undefined {
  return (
    numberValues(name, typmod) ?? textValues(name, typmod) ?? timeValues(name) ?? otherValues(name, typmod)
  );
}

function arrayValues(elements: TypeValues | undefined): TypeValues {
  if (elements === undefined) {
    return listed(['{}']);
  }
  return counted(
    elements.size,
    (n) => arrayText([elements.nth(n), elements.nth((n + 1) % Math.min(elements.size, n + 2))]),
    ['{}', arrayText([elements.nth(0), null]), ...elements.edges.map((edge) => arrayText([edge]))],
  );
}

function compositeValues(attributes: readonly (TypeValues | undefined)[]): TypeValues {
  const size = Math.max(1, ...attributes.map((attribute) => attribute?.size ?? 0));
  const nth = (n: number): string =>
    compositeText(attributes.map((attribute) => attribute?.nth(n % attribute.size) ?? null));
  const edges = compositeText(attributes.map((attribute) => attribute?.edges[0] ?? null));
  return counted(size, nth, attributes.length > 0 ? [edges] : []);
}

/** Ranges that do not meet: each begins behind the end of the one before. */
function rangeValues(bounds: TypeValues | undefined): TypeValues {
  if (bounds === undefined) {
    return listed(['empty']);
  }
  const size = Math.max(1, Math.floor((bounds.size - 1) / 4));
  return counted(
    size,
    (n) => (bounds.size < 2 ? 'empty' : rangeText(bounds.nth(n * 4), bounds.nth(n * 4 + 1))),
    ['empty', '(,)', `(,${bounds.nth(0)}]`],
  );
}

function multirangeValues(ranges: TypeValues | undefined): TypeValues {
  return ranges === undefined
    ? listed(['{}'])
    : counted(ranges.size, (n) => `{${ranges.nth(n)}}`, [
        '{}',
        `{${ranges.nth(0)},${ranges.nth(ranges.size > 1 ? 1 : 0)}}`,
      ]);
}
