/**
 * What a change of a column's type does: whether PostgreSQL rewrites the table, and whether values can be lost.
 *
 * Sources: `ATColumnChangeRequiresRewrite` in `commands/tablecmds.c`, the binary-coercible casts of `pg_cast`, and
 * the planner support functions that drop a length coercion (`varchar_support`, `numeric_support`,
 * `varbit_support`, `timestamp_support`, `time_support`, `interval_support`).
 */
export type Certainty = 'yes' | 'no' | 'maybe';

export interface TypeChange {
  /** As `format_type` writes it; `undefined` when not known. */
  readonly from: string | undefined;
  readonly to: string;
  /** The session's TimeZone is UTC, where that is known. */
  readonly timeZoneIsUtc: boolean | undefined;
}

interface TypeParts {
  readonly name: string;
  readonly modifiers: readonly number[];
  readonly isArray: boolean;
}

/** Whether every row is written anew. Domains are to be replaced by their base types before. */
export function typeChangeRewrites({ from, to, timeZoneIsUtc }: TypeChange): Certainty {
  if (from === undefined) {
    return 'maybe';
  }
  if (from === to) {
    return 'no';
  }
  const [old, target] = [typeParts(from), typeParts(to)];
  if (old.isArray || target.isArray) {
    return old.isArray && target.isArray && old.name === target.name && widens(old, target) ? 'maybe' : 'yes';
  }
  if (old.name === target.name) {
    return widens(old, target) ? 'no' : 'yes';
  }
  if (isRelabelled(old.name, target)) {
    return 'no';
  }
  if (isTimestampPair(old.name, target.name)) {
    return timeZoneIsUtc === undefined
      ? 'maybe'
      : timeZoneIsUtc && keepsPrecision(old, target)
        ? 'no'
        : 'yes';
  }
  return BUILT_IN.has(old.name) && BUILT_IN.has(target.name) ? 'yes' : 'maybe';
}

/** True when every value of the old type has a value of the new type that casts back to it. */
export function typeChangeIsLossless({ from, to }: Pick<TypeChange, 'from' | 'to'>): boolean {
  if (from === undefined) {
    return false;
  }
  const [old, target] = [typeParts(from), typeParts(to)];
  if (old.isArray !== target.isArray) {
    return false;
  }
  return old.name === target.name
    ? widens(old, target)
    : target.modifiers.length === 0 && (LOSSLESS[old.name]?.includes(target.name) ?? false);
}

function typeParts(type: string): TypeParts {
  const isArray = type.endsWith('[]');
  const bare = isArray ? type.slice(0, -2) : type;
  const modifiers = /\(([-\d,]+)\)/.exec(bare)?.[1]?.split(',').map(Number) ?? [];
  return { name: bare.replace(/\([-\d,]+\)/, ''), modifiers, isArray };
}

/** The same type with room for at least as much. */
function widens(old: TypeParts, target: TypeParts): boolean {
  const [oldSize, oldScale] = old.modifiers;
  const [size, scale] = target.modifiers;
  switch (target.name) {
    case 'character varying':
    case 'bit varying':
      return size === undefined || (oldSize !== undefined && size >= oldSize);
    case 'numeric':
      return size === undefined || (oldSize !== undefined && scale === oldScale && size >= oldSize);
    case 'interval':
    case 'timestamp without time zone':
    case 'timestamp with time zone':
    case 'time without time zone':
    case 'time with time zone':
      return keepsPrecision(old, target);
    default:
      return String(old.modifiers) === String(target.modifiers);
  }
}

/** Fractional digits of a second; none given means all of them. */
const MAX_PRECISION = 6;

function keepsPrecision(old: TypeParts, target: TypeParts): boolean {
  return (target.modifiers[0] ?? MAX_PRECISION) >= (old.modifiers[0] ?? MAX_PRECISION);
}

/** Same bytes under another name, no length to enforce. */
function isRelabelled(from: string, target: TypeParts): boolean {
  return target.modifiers.length === 0 && (RELABELLED[from]?.includes(target.name) ?? false);
}

function isTimestampPair(one: string, other: string): boolean {
  return one !== other && /^timestamp with/.test(one) && /^timestamp with/.test(other);
}

/** The casts of `pg_cast` without a function, between types that people give to columns. */
const RELABELLED: Readonly<Record<string, readonly string[]>> = {
  'character varying': ['text', 'citext'],
  text: ['character varying', 'citext'],
  citext: ['text', 'character varying'],
  cidr: ['inet'],
  xml: ['text', 'character varying'],
  integer: ['oid'],
  oid: ['integer'],
  'bit varying': ['bit'],
  bit: ['bit varying'],
};

const LOSSLESS: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint', 'numeric', 'real', 'double precision', 'text', 'character varying'],
  integer: ['bigint', 'numeric', 'double precision', 'text', 'character varying'],
  bigint: ['numeric', 'text', 'character varying'],
  numeric: ['text', 'character varying'],
  real: ['double precision', 'text', 'character varying'],
  'double precision': ['text', 'character varying'],
  'character varying': ['text'],
  text: ['character varying'],
  uuid: ['text', 'character varying'],
  boolean: ['text', 'character varying'],
  date: ['text', 'character varying'],
  cidr: ['inet', 'text', 'character varying'],
  inet: ['text', 'character varying'],
  json: ['text', 'character varying'],
  jsonb: ['text', 'character varying', 'json'],
  xml: ['text', 'character varying'],
  bytea: [],
};

const BUILT_IN: ReadonlySet<string> = new Set([
  ...Object.keys(LOSSLESS),
  'character',
  'bit',
  'bit varying',
  'interval',
  'money',
  'oid',
  'time with time zone',
  'time without time zone',
  'timestamp with time zone',
  'timestamp without time zone',
]);
