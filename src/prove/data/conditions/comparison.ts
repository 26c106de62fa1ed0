/** What a comparison asks of its columns: with a constant, between columns, of a length, of a pattern. */
import { bodyOf } from '../../../sql/index.js';
import { ANYTHING, type Branch, type Requirement, requiring, type TextPattern } from './branch.js';
import { bare, callOf, columnOf, constantOf, constantsOf, mentionedIn, type Node } from './expression.js';
import { expressionText } from './expression-text.js';
import { documentWays, JSON_OF_TYPE, memberComparison, memberWays } from './json-members.js';

const NEGATED: Readonly<Record<string, string>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
const MIRRORED: Readonly<Record<string, string>> = {
  '<': '>',
  '>': '<',
  '<=': '>=',
  '>=': '<=',
  '=': '=',
  '<>': '<>',
};

const PATTERNS: Readonly<Record<string, Pick<TextPattern, 'syntax' | 'ignoresCase'>>> = {
  '~': { syntax: 'regex', ignoresCase: false },
  '~*': { syntax: 'regex', ignoresCase: true },
  '~~': { syntax: 'like', ignoresCase: false },
  '~~*': { syntax: 'like', ignoresCase: true },
};

/** The ways for a comparison to be true, or false; `undefined` where it is not understood. */
export function comparison(
  operator: string,
  left: Node | undefined,
  right: Node | undefined,
  wanted: boolean,
): readonly Branch[] | undefined {
  const isPattern = operator.replace('!', '') in PATTERNS;
  if (isPattern) {
    return patternWays(operator, left, right, wanted);
  }
  if (operator === '<@' || operator === '@>') {
    return elementWays(left, right, wanted);
  }
  const members = wanted ? memberWays(operator, left, right) : undefined;
  if (members !== undefined) {
    return members;
  }
  const asked = wanted ? operator : NEGATED[operator];
  const mirrored = asked && MIRRORED[asked];
  if (asked === undefined || mirrored === undefined) {
    return undefined;
  }
  return (
    constantWays(asked, left, right) ??
    constantWays(mirrored, right, left) ??
    columnWays(asked, left, right) ??
    (asked === '=' ? computedWays(left, right) : undefined)
  );
}

function constantWays(
  operator: string,
  side: Node | undefined,
  other: Node | undefined,
): readonly Branch[] | undefined {
  const value = constantOf(other) ?? clockValue(other, operator);
  if (typeof value !== 'string') {
    return undefined;
  }
  const column = columnOf(side) ?? sameForColumn(side, value);
  if (column !== undefined) {
    return [requiring(column, compared(operator, value))];
  }
  const json = jsonOfType(operator, side, value) ?? memberComparison(operator, side, [value]);
  if (json !== undefined) {
    return json;
  }
  const measured = lengthOf(side);
  return measured === undefined ? undefined : [requiring(measured, ofLength(operator, Number(value)))];
}

function jsonOfType(operator: string, side: Node | undefined, value: string): readonly Branch[] | undefined {
  const call = callOf(side);
  const column = /^jsonb?_typeof$/.test(call?.name ?? '') ? columnOf(call!.args[0]) : undefined;
  const values = JSON_OF_TYPE[value];
  return column === undefined || values === undefined || !/^(=|<>)$/.test(operator)
    ? undefined
    : [requiring(column, { [operator === '=' ? 'oneOf' : 'noneOf']: values })];
}

/** `now()` and the like stand for long ago below and for long ahead above, so that the condition goes on holding. */
function clockValue(node: Node | undefined, operator: string): string | undefined {
  const isClock =
    bodyOf(bare(node), 'SQLValueFunction') !== undefined ||
    /^(now|clock_timestamp|statement_timestamp|transaction_timestamp)$/.test(callOf(node)?.name ?? '');
  return isClock ? (operator.startsWith('<') ? '2001-01-01' : '2999-01-01') : undefined;
}

/** The column under `lower`, `trim` and the like, where the constant is what the function makes of itself. */
function sameForColumn(node: Node | undefined, value: string): string | undefined {
  const call = callOf(node);
  switch (call?.name) {
    case 'lower':
      return value === value.toLowerCase() ? columnOf(call.args[0]) : undefined;
    case 'upper':
      return value === value.toUpperCase() ? columnOf(call.args[0]) : undefined;
    case 'btrim':
    case 'trim':
    case 'ltrim':
    case 'rtrim':
      return value === value.trim() ? columnOf(call.args[0]) : undefined;
    default:
      return undefined;
  }
}

function compared(operator: string, value: string): Requirement {
  switch (operator) {
    case '=':
      return { oneOf: [value] };
    case '<>':
      return { noneOf: [value] };
    case '<':
    case '<=':
      return { upper: { value, isInclusive: operator === '<=' } };
    default:
      return { lower: { value, isInclusive: operator === '>=' } };
  }
}

const LENGTHS =
  /^(char_length|character_length|length|octet_length|cardinality|array_length|jsonb_array_length|json_array_length)$/;

/** The column whose length the expression is, spaces at its ends aside. */
function lengthOf(node: Node | undefined): string | undefined {
  const call = callOf(node);
  const measured = call && LENGTHS.test(call.name) ? call.args[0] : undefined;
  return measured && (columnOf(measured) ?? sameForColumn(measured, ''));
}

function ofLength(operator: string, length: number): Requirement {
  switch (operator) {
    case '=':
      return { shortest: length, longest: length };
    case '<>':
      return length === 0 ? { shortest: 1 } : { longest: length - 1 };
    case '<':
      return { longest: length - 1 };
    case '<=':
      return { longest: length };
    case '>':
      return { shortest: length + 1 };
    default:
      return { shortest: length };
  }
}

/** `total = price * quantity`: a column that is what an expression over others gives. */
export function computedWays(left: Node | undefined, right: Node | undefined): readonly Branch[] | undefined {
  const ways = [
    [left, right],
    [right, left],
  ].flatMap(([side, other]) => {
    const column = columnOf(side);
    const expression = column === undefined ? undefined : expressionText(other);
    const sources = mentionedIn(other).columns;
    return column === undefined ||
      expression === undefined ||
      sources.includes(column) ||
      sources.length === 0
      ? []
      : [{ ...ANYTHING, computed: [{ column, expression, sources }] }];
  });
  return ways.length > 0 ? ways : undefined;
}

function columnWays(
  operator: string,
  left: Node | undefined,
  right: Node | undefined,
): readonly Branch[] | undefined {
  const [a, b] = [columnOf(left), columnOf(right)];
  if (a === undefined || b === undefined) {
    return undefined;
  }
  const ordered = (lesser: string, greater: string): Branch => ({
    ...ANYTHING,
    orders: [{ lesser, greater }],
  });
  switch (operator) {
    case '=':
      return [{ ...ANYTHING, equal: [[a, b]] }];
    case '<>':
      return [ordered(a, b), ordered(b, a)];
    default:
      return operator.startsWith('<') ? [ordered(a, b)] : [ordered(b, a)];
  }
}

/** An array within a list of constants, or around one. */
function elementWays(
  left: Node | undefined,
  right: Node | undefined,
  wanted: boolean,
): readonly Branch[] | undefined {
  const column = columnOf(left) ?? columnOf(right);
  const held = wanted ? documentWays(column, constantOf(right)) : undefined;
  if (held !== undefined) {
    return held;
  }
  const elements = constantsOf(right) ?? constantsOf(left);
  return column === undefined || elements === undefined || !wanted
    ? undefined
    : [requiring(column, { elements })];
}

function patternWays(
  operator: string,
  left: Node | undefined,
  right: Node | undefined,
  wanted: boolean,
): readonly Branch[] | undefined {
  const column = columnOf(left);
  const source = constantOf(right) ?? escapedSource(right);
  if (column === undefined || typeof source !== 'string') {
    return undefined;
  }
  // An ordinary text seldom matches what it must not match: the server tells.
  return operator.startsWith('!') === wanted
    ? [ANYTHING]
    : [requiring(column, { pattern: { source, ...PATTERNS[operator.replace('!', '')]! } })];
}

/** A pattern with an escape of its own; that of `similar to` as a regular expression. */
function escapedSource(node: Node | undefined): string | undefined {
  const call = callOf(node);
  const [source, marker = '\\'] = (call?.args ?? []).map(constantOf);
  if (typeof source !== 'string' || marker !== '\\') {
    return undefined;
  }
  switch (call?.name) {
    case 'like_escape':
      return source;
    case 'similar_to_escape':
      return `^(?:${source.replace(/\\.|[%_.^$]/g, (found) => SIMILAR[found] ?? found)})$`;
    default:
      return undefined;
  }
}

const SIMILAR: Readonly<Record<string, string>> = {
  '%': '.*',
  _: '.',
  '.': '\\.',
  '^': '\\^',
  $: '\\$',
};
