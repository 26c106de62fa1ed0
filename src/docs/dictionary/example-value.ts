/**
 * An example for a field, made up from its type, its name and its rules: a reader sees the form of a value without
 * anybody's data being shown. Where the rules that can be read from the text of a check refuse it, there is none; a
 * secret never has one.
 */
import type { Column, DataType } from '../../schema/index.js';
import { listedValues, literalIn } from './expression.js';

export interface ExampleSource {
  readonly column: Pick<Column, 'name' | 'type' | 'default'>;
  /** The expressions of the checks that read this column only. */
  readonly checks: readonly string[];
  /** The model's types, by how columns name them. */
  readonly types: ReadonlyMap<string, DataType>;
}

/** A value that the column takes, as PostgreSQL's text for it, or nothing where none suggests itself. */
export function exampleValue({ column, checks, types }: ExampleSource): string | undefined {
  if (SECRET.test(column.name)) {
    return undefined;
  }
  const listed = checks.map(listedValues).find((values) => values !== undefined)?.[0];
  const candidate =
    listed ?? literalDefault(column.default) ?? ofType(column.type, column.name, checks, types);
  return candidate !== undefined && fits(candidate, column.type, checks) ? candidate : undefined;
}

const SECRET =
  /secret|passw|token(?!s)|hash|sha\d|digest|cipher|private|credential|salt|signature|encrypted/i;

/** A default that says something: `''` and `{}` do not. */
function literalDefault(expression: string | undefined): string | undefined {
  const value = expression === undefined ? undefined : literalIn(expression);
  return value === undefined || /^(\{\}|\[\]|null|)$/i.test(value) ? undefined : value;
}

function ofType(
  type: string,
  name: string,
  checks: readonly string[],
  types: ReadonlyMap<string, DataType>,
): string | undefined {
  if (type.endsWith('[]')) {
    const element = ofType(type.slice(0, -2), name, [], types);
    return element === undefined || /[",{}\\\s]/.test(element) ? undefined : `{${element}}`;
  }
  const own = types.get(type);
  if (own?.kind === 'enum') {
    return own.labels[0];
  }
  if (own?.kind === 'domain') {
    const rules = own.constraints.map(({ definition }) => definition);
    const example = ofType(own.baseType, name, rules, types);
    return example !== undefined && fits(example, own.baseType, rules) ? example : undefined;
  }
  const base = type.replace(/\([^)]*\)/, '');
  if (base === 'text' || base === 'character varying' || base === 'character') {
    return BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  }
  if (base === 'integer' || base === 'bigint' || base === 'smallint') {
    return String(withinBounds(/_at$|year/.test(name) ? 2026 : 42, checks));
  }
  const isCut = checks.some((check) => check.includes('date_trunc('));
  return isCut ? (BEGINNINGS[base] ?? BY_TYPE[base]) : BY_TYPE[base];
}

const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/e_?mail/i, 'ada@example.com'],
  [/slug|subdomain/i, 'acme'],
  [/currency/i, 'USD'],
  [/country/i, 'DE'],
  [/(url|uri|website|homepage)$/i, 'https://example.com'],
  [/domain|host(name)?$/i, 'example.com'],
  [/time_?zone/i, 'Europe/Paris'],
  [/locale|language/i, 'en'],
  [/region$/i, 'eu-west-1'],
  [/phone|mobile|fax/i, '+1 555 0100'],
  [/first_?name|given_?name/i, 'Ada'],
  [/last_?name|family_?name|surname/i, 'Lovelace'],
  [/display_?name|full_?name/i, 'Ada Lovelace'],
  [/city/i, 'Berlin'],
  [/(zip|postal)_?(code)?/i, '10115'],
  [/user_?name|login|nick/i, 'ada'],
  [/file_?name/i, 'report.csv'],
  [/mime|content_?type/i, 'application/json'],
  [/colou?r/i, '#336699'],
  [/^version$/i, '2026-11-21'],
];

const BY_TYPE: Readonly<Record<string, string>> = {
  uuid: '01933b6e-5c00-7a10-8f00-0242ac120002',
  boolean: 'true',
  numeric: '12.5',
  real: '0.5',
  'double precision': '0.5',
  money: '12.50',
  date: '2026-11-21',
  'timestamp with time zone': '2026-11-21 07:00:00+00',
  'timestamp without time zone': '2026-11-21 07:00:00',
  'time with time zone': '07:00:00+00',
  'time without time zone': '07:00:00',
  interval: '15 minutes',
  inet: '192.0.2.1',
  cidr: '192.0.2.0/24',
  macaddr: '08:00:2b:01:02:03',
  point: '(1,2)',
  int4range: '[1,10)',
  int8range: '[1,10)',
  numrange: '[1.5,2.5)',
  daterange: '[2026-11-21,2026-12-21)',
  tsrange: '["2026-11-21 00:00:00","2026-12-21 00:00:00")',
  tstzrange: '["2026-11-21 00:00:00+00","2026-12-21 00:00:00+00")',
};

/** The beginning of a month, which is that of a day and of an hour too. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  date: '2026-11-01',
  'timestamp with time zone': '2026-11-01 00:00:00+00',
  'timestamp without time zone': '2026-11-01 00:00:00',
};

/** The number, moved inside the bounds that the checks set. */
function withinBounds(candidate: number, checks: readonly string[]): number {
  let value = candidate;
  for (const check of checks) {
    for (const [, operator, bound] of check.matchAll(/(?<!\) )(<=|>=|<|>) '?(-?\d+)'?/g)) {
      const limit = Number(bound);
      if (operator === '<=' || operator === '<') {
        value = Math.min(value, operator === '<' ? limit - 1 : limit);
      } else {
        value = Math.max(value, operator === '>' ? limit + 1 : limit);
      }
    }
  }
  return value;
}

/** False where the type's length, a pattern or a bound of the length refuses the value. */
function fits(value: string, type: string, checks: readonly string[]): boolean {
  const limit = /^character(?: varying)?\((\d+)\)$/.exec(type)?.[1];
  if (limit !== undefined && value.length > Number(limit)) {
    return false;
  }
  return checks.every((check) => matchesPatterns(value, check) && hasLength(value, check));
}

function matchesPatterns(value: string, check: string): boolean {
  for (const [, negated, folded, pattern] of check.matchAll(/ (!?)~(\*?) '((?:[^']|'')*)'/g)) {
    const expression = asRegExp(pattern!.replaceAll("''", "'"), folded === '*' ? 'iu' : 'u');
    if (expression === undefined || expression.test(value) === (negated === '!')) {
      return false;
    }
  }
  return true;
}

/** PostgreSQL's pattern as a JavaScript one, where both mean the same. */
function asRegExp(pattern: string, flags: string): RegExp | undefined {
  const classes = pattern
    .replaceAll('[:space:]', '\\s')
    .replaceAll('[:digit:]', '0-9')
    .replaceAll('[:alpha:]', 'A-Za-z')
    .replaceAll('[:alnum:]', 'A-Za-z0-9');
  try {
    return new RegExp(classes, flags);
  } catch {
    return undefined;
  }
}

function hasLength(value: string, check: string): boolean {
  const bounds = check.matchAll(
    /\b(?:char_|character_|octet_)?length\([^()]*(?:\([^()]*\))?[^()]*\) (<=|>=|<|>|=) (\d+)/g,
  );
  return [...bounds].every(([, operator, bound]) => {
    const limit = Number(bound);
    const { length } = value;
    switch (operator) {
      case '<=':
        return length <= limit;
      case '>=':
        return length >= limit;
      case '<':
        return length < limit;
      case '>':
        return length > limit;
      default:
        return length === limit;
    }
  });
}
