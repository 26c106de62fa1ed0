/** How a column's values are read and written in TypeScript: the pair of types of each type that a column can have. */
import type { Column, Constraint, DataType } from '../../schema/index.js';
import { listedValues } from '../dictionary/expression.js';
import { camelCase, literal } from './names.js';
import type { TypeOptions } from './options.js';
import { scalarPair, TEXT, TEXT_WITH_PARSED_ARRAYS, type TypePair } from './scalars.js';
import { columnKey } from './typed-schema.js';

/** What the types of one schema are made with. */
export interface TypeSource {
  readonly options: TypeOptions;
  /** The schema's own types, by how columns name them. */
  readonly own: ReadonlyMap<string, DataType>;
  /** The names given to types, by the same. */
  readonly names: ReadonlyMap<string, string>;
  /** The pairs of id types, by `columnKey` of the columns that have them. */
  readonly ids: ReadonlyMap<string, TypePair>;
}

/** A column of a table or view, and what the table says about it. */
interface ColumnPlace {
  readonly schema: string;
  readonly table: string;
  readonly column: Column;
  readonly constraints: readonly Constraint[];
}

/** The pair of a column: what is declared for its JSON, its id type, the values that a check lists, or its type's. */
export function columnPair(
  { schema, table, column, constraints }: ColumnPlace,
  source: TypeSource,
): TypePair {
  const json = isJson(column.type)
    ? source.options.json?.get(`${schema}.${table}.${column.name}`)
    : undefined;
  if (json !== undefined) {
    return { read: json.type, write: 'string', zodRead: `z.custom<${json.type}>()`, zodWrite: 'z.string()' };
  }
  const id = source.ids.get(columnKey(schema, table, column.name));
  if (id !== undefined) {
    return id;
  }
  const values = isText(column.type) ? valuesOf(column.name, constraints) : undefined;
  return values === undefined ? pairOf(column.type, source) : unionPair(values);
}

/** Its parsed form can be declared. */
export function isJson(type: string): boolean {
  return type === 'json' || type === 'jsonb';
}

function isText(type: string): boolean {
  return /^(text|character varying(\(\d+\))?)$/.test(type);
}

/** What a check that holds for every row lists as the values of a text column. */
function valuesOf(column: string, constraints: readonly Constraint[]): readonly string[] | undefined {
  return constraints
    .filter((constraint) => constraint.kind === 'check')
    .filter(
      ({ columns, notValid, notEnforced }) =>
        columns.length === 1 && columns[0] === column && !notValid && !notEnforced,
    )
    .map(({ expression }) => listedValues(expression))
    .find((values) => values !== undefined);
}

function unionPair(values: readonly string[]): TypePair {
  const union = values.map(literal).join(' | ');
  const zod = `z.enum([${values.map(literal).join(', ')}])`;
  return { read: union, write: union, zodRead: zod, zodWrite: zod };
}

/** The pair of any type that a column can have. */
export function pairOf(type: string, source: TypeSource): TypePair {
  if (type.endsWith('[]')) {
    return arrayPair(type.slice(0, -2), source);
  }
  const own = source.own.get(type);
  const name = source.names.get(type);
  if (own === undefined || name === undefined) {
    return scalarPair(type, source.options) ?? TEXT;
  }
  if (own.kind === 'composite type') {
    return { ...TEXT, read: name, zodRead: camelCase(name) };
  }
  const helpers = own.kind === 'domain' ? (pairOf(own.baseType, source).helpers ?? []) : [];
  const isAlike = own.kind !== 'domain' || isSameBothWays(pairOf(own.baseType, source));
  const write = isAlike ? name : pairOf(own.baseType, source).write;
  const zodWrite = isAlike ? camelCase(name) : pairOf(own.baseType, source).zodWrite;
  return { read: name, write, zodRead: camelCase(name), zodWrite, helpers };
}

function isSameBothWays({ read, write, zodRead, zodWrite }: TypePair): boolean {
  return read === write && zodRead === zodWrite;
}

/** The driver parses arrays of the types it knows; of others it gives the text. Both are written as arrays. */
function arrayPair(element: string, source: TypeSource): TypePair {
  const pair = pairOf(element, source);
  const inner = element.replace(/(\[\])+$/, '');
  const isOwn = source.own.has(inner);
  const isParsed = isOwn
    ? source.options.parsesOwnTypes === true
    : scalarPair(inner, source.options) !== undefined || TEXT_WITH_PARSED_ARRAYS.has(inner);
  return {
    read: isParsed ? `(${pair.read} | null)[]` : 'string',
    write: isComposite(inner, source) ? 'string' : `readonly (${pair.write} | null)[]`,
    zodRead: isParsed ? `z.array(${pair.zodRead}.nullable())` : 'z.string()',
    zodWrite: isComposite(inner, source) ? 'z.string()' : `z.array(${pair.zodWrite}.nullable())`,
    ...(isParsed && pair.helpers ? { helpers: pair.helpers } : {}),
  };
}

function isComposite(type: string, { own }: TypeSource): boolean {
  return own.get(type)?.kind === 'composite type';
}

/** The same, where null is a value too. */
export function nullablePair(pair: TypePair): TypePair {
  return {
    ...pair,
    read: `${pair.read} | null`,
    write: `${pair.write} | null`,
    zodRead: `${pair.zodRead}.nullable()`,
    zodWrite: `${pair.zodWrite}.nullable()`,
  };
}

/** The pair of a branded id. */
export function brandPair(name: string): TypePair {
  return { read: name, write: name, zodRead: camelCase(name), zodWrite: camelCase(name) };
}
