/**
 * What node-postgres gives for a type of PostgreSQL, and what it takes. A type that it has no parser for arrives as
 * PostgreSQL's text. JSON is written as text, because the driver would make an SQL array of an array.
 */
import type { TypeOptions } from './options.js';

/** A type when it is read and when it is written, in TypeScript and as a Zod schema. */
export interface TypePair {
  readonly read: string;
  readonly write: string;
  readonly zodRead: string;
  readonly zodWrite: string;
  /** The declarations of `HELPERS` that it names. */
  readonly helpers?: readonly Helper[];
}

/** Declarations that the generated file gets when a type needs them. */
export const HELPERS = {
  Json: {
    typescript: [
      '/** What a JSON document is when it is read. It is written as text: `JSON.stringify(value)`. */',
      'export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };',
    ],
    zod: [
      '/** What a JSON document is when it is read. It is written as text: `JSON.stringify(value)`. */',
      'export const json = z.json();',
    ],
  },
  Interval: {
    typescript: [
      '/** A span of time when it is read; parts that are zero are left out. It is written as text. */',
      'export interface Interval {',
      '  readonly years?: number;',
      '  readonly months?: number;',
      '  readonly days?: number;',
      '  readonly hours?: number;',
      '  readonly minutes?: number;',
      '  readonly seconds?: number;',
      '  readonly milliseconds?: number;',
      '}',
    ],
    zod: [
      '/** A span of time when it is read; parts that are zero are left out. It is written as text. */',
      'const part = z.number().optional();',
      'export const interval = z.looseObject({',
      '  years: part, months: part, days: part, hours: part, minutes: part, seconds: part, milliseconds: part,',
      '});',
    ],
  },
  Point: {
    typescript: [
      '/** A point when it is read; it is written as text, `(x,y)`. */',
      'export interface Point {',
      '  readonly x: number;',
      '  readonly y: number;',
      '}',
    ],
    zod: [
      '/** A point when it is read; it is written as text, `(x,y)`. */',
      'export const point = z.object({ x: z.number(), y: z.number() });',
    ],
  },
} as const;
export type Helper = keyof typeof HELPERS;

/** The pair for a type of PostgreSQL's own, without arrays; `undefined` for one whose text the driver gives. */
export function scalarPair(type: string, { bigints = 'string' }: TypeOptions): TypePair | undefined {
  const [, base, argument] = /^([^(]*?)(?:\((\d+)[^)]*\))?( with(?:out)? time zone)?$/.exec(type) ?? [];
  if (base === 'character varying' || base === 'character') {
    const zod = argument === undefined ? 'z.string()' : `z.string().max(${argument})`;
    return { read: 'string', write: 'string', zodRead: 'z.string()', zodWrite: zod };
  }
  if (base === 'bigint') {
    return BIGINTS[bigints];
  }
  return SCALARS[type.replace(/\([^)]*\)/, '')];
}

const same = (typescript: string, zod: string): TypePair => ({
  read: typescript,
  write: typescript,
  zodRead: zod,
  zodWrite: zod,
});

const WRITTEN_BIGINT = {
  write: 'string | number | bigint',
  zodWrite: 'z.union([z.string().regex(/^-?\\d+$/), z.int(), z.bigint()])',
};

const BIGINTS: Readonly<Record<NonNullable<TypeOptions['bigints']>, TypePair>> = {
  string: { read: 'string', zodRead: 'z.string()', ...WRITTEN_BIGINT },
  bigint: { read: 'bigint', zodRead: 'z.bigint()', ...WRITTEN_BIGINT },
  number: { read: 'number', zodRead: 'z.number()', ...WRITTEN_BIGINT },
};

const MOMENT: TypePair = {
  read: 'Date',
  write: 'Date | string',
  zodRead: 'z.date()',
  zodWrite: 'z.union([z.date(), z.string()])',
};

const JSON_DOCUMENT: TypePair = {
  read: 'Json',
  write: 'string',
  zodRead: 'json',
  zodWrite: 'z.string()',
  helpers: ['Json'],
};

const SCALARS: Readonly<Record<string, TypePair>> = {
  text: same('string', 'z.string()'),
  uuid: same('string', 'z.guid()'),
  boolean: same('boolean', 'z.boolean()'),
  smallint: same('number', 'z.int().min(-32768).max(32767)'),
  integer: same('number', 'z.int32()'),
  oid: same('number', 'z.int()'),
  real: same('number', 'z.number()'),
  'double precision': same('number', 'z.number()'),
  numeric: {
    read: 'string',
    write: 'string | number',
    zodRead: 'z.string()',
    zodWrite: 'z.union([z.string(), z.number()])',
  },
  bytea: same('Uint8Array', 'z.instanceof(Uint8Array)'),
  date: MOMENT,
  'timestamp with time zone': MOMENT,
  'timestamp without time zone': MOMENT,
  interval: {
    read: 'Interval',
    write: 'string',
    zodRead: 'interval',
    zodWrite: 'z.string()',
    helpers: ['Interval'],
  },
  json: JSON_DOCUMENT,
  jsonb: JSON_DOCUMENT,
  point: { read: 'Point', write: 'string', zodRead: 'point', zodWrite: 'z.string()', helpers: ['Point'] },
};

/** Types of PostgreSQL's own that arrive as text, and whose arrays are parsed all the same. */
export const TEXT_WITH_PARSED_ARRAYS: ReadonlySet<string> = new Set([
  'cidr',
  'inet',
  'macaddr',
  'money',
  'numrange',
  'time without time zone',
  'time with time zone',
]);

/** What the driver has no parser for: PostgreSQL's text. */
export const TEXT: TypePair = same('string', 'z.string()');
