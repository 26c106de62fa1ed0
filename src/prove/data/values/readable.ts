import type { TypeFacts } from '../type-facts.js';

/** The largest of PostgreSQL's integers, by their type's name. */
const LARGEST: Readonly<Record<string, bigint>> = {
  int2: 32_767n,
  int4: 2_147_483_647n,
  int8: 9_223_372_036_854_775_807n,
};

const FORMS: Readonly<Record<string, RegExp>> = {
  numeric: /^-?\d+(\.\d+)?$|^-?Infinity$|^NaN$/,
  float4: /^-?\d+(\.\d+)?(e-?\d+)?$|^-?Infinity$|^NaN$/,
  float8: /^-?\d+(\.\d+)?(e-?\d+)?$|^-?Infinity$|^NaN$/,
  money: /^-?\d+(\.\d+)?$/,
  bool: /^(true|false|t|f)$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  date: /^\d{4}-\d\d-\d\d|^-?infinity$/,
  timestamp: /^\d{4}-\d\d-\d\d|^-?infinity$/,
  timestamptz: /^\d{4}-\d\d-\d\d|^-?infinity$/,
  time: /^\d\d:\d\d/,
  timetz: /^\d\d:\d\d/,
  interval: /\d/,
  inet: /^[\d.]+(\/\d+)?$|:/,
  cidr: /^[\d.]+(\/\d+)?$|:/,
  bytea: /^\\x([0-9a-f]{2})*$/i,
};

/**
 * False where the text is clearly no value of the type: it would make the server refuse the whole question, or it
 * would be cut. `facts` of a type that is no domain.
 */
export function isReadable(facts: TypeFacts | undefined, value: string): boolean {
  if (facts === undefined) {
    return true;
  }
  const { name, typmod, kind, labels } = facts;
  if (kind !== 'base') {
    return kind === 'enum' ? labels!.includes(value) : kind !== 'array' || /^\{.*\}$/s.test(value);
  }
  const largest = LARGEST[name];
  if (largest !== undefined) {
    return /^-?\d{1,19}$/.test(value) && BigInt(value) <= largest && BigInt(value) >= -largest - 1n;
  }
  if (name === 'json' || name === 'jsonb') {
    return isJson(value);
  }
  if (name === 'varchar' || name === 'bpchar') {
    return typmod < 0 || [...value].length <= typmod - 4;
  }
  return FORMS[name]?.test(value) ?? true;
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
