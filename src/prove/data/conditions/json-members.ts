/** What a condition asks of the members of a JSON object: that they are there, and what they are. */
import { bodyOf } from '../../../sql/index.js';
import { type Branch, type JsonMember, requiring } from './branch.js';
import { bare, callOf, columnOf, constantOf, constantsOf, type Node, operatorOf } from './expression.js';

export const JSON_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  object: ['{}', '{"a": 1}', '{"a": {"b": ["c", null]}}'],
  array: ['[]', '[1, 2]', '["a"]'],
  string: ['"text"', '""'],
  number: ['1', '-0.5'],
  boolean: ['true', 'false'],
  null: ['null'],
};

/** `j ? 'a'`, `j ?& array['a', 'b']`, `j ?| array['a', 'b']`. */
export function memberWays(
  operator: string,
  left: Node | undefined,
  right: Node | undefined,
): readonly Branch[] | undefined {
  const column = columnOf(left);
  const key = constantOf(right);
  const keys = operator === '?' ? (typeof key === 'string' ? [key] : undefined) : constantsOf(right);
  if (column === undefined || keys === undefined || !/^\?[&|]?$/.test(operator)) {
    return undefined;
  }
  const members = keys.map((each) => ({ key: each }));
  return operator === '?|'
    ? members.map((member) => requiring(column, { members: [member] }))
    : [requiring(column, { members })];
}

/** `j ->> 'a' = 'b'` and the like; of a number what is beside the constant. */
export function memberComparison(
  operator: string,
  side: Node | undefined,
  values: readonly string[],
): readonly Branch[] | undefined {
  const typed = callOf(side);
  const isType = /^jsonb?_typeof$/.test(typed?.name ?? '');
  const member = memberOf(isType ? typed!.args[0] : side);
  if (member === undefined || (isType && operator !== '=')) {
    return undefined;
  }
  const wanted = isType
    ? values.flatMap((value) => JSON_OF_TYPE[value] ?? [])
    : values.flatMap((value) => compared(operator, value, isNumeric(side)));
  return wanted.length === 0
    ? undefined
    : [requiring(member.column, { members: [{ key: member.key, values: wanted }] })];
}

/** `j @> '{"a": 1}'`: the members of the document, or the document itself where it is an array. */
export function documentWays(
  column: string | undefined,
  text: string | null | undefined,
): readonly Branch[] | undefined {
  const document = text && /^(\{\s*["}]|\[)/.test(text) ? parsed(text) : undefined;
  if (column === undefined || document === undefined) {
    return undefined;
  }
  const members = Object.entries(document).map(([key, value]) => ({ key, values: [JSON.stringify(value)] }));
  return [requiring(column, Array.isArray(document) ? { oneOf: [text!] } : { members })];
}

/** The text of an array may look like JSON, and be none. */
function parsed(text: string): object | undefined {
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** The member that the expression is, casts aside: `j -> 'a'`, `j ->> 'a'`. */
export function memberOf(
  node: Node | undefined,
): { readonly column: string; readonly key: string } | undefined {
  const expression = bodyOf(bare(node), 'A_Expr');
  const column = columnOf(expression?.lexpr);
  const key = constantOf(expression?.rexpr);
  return /^->>?$/.test(operatorOf(expression?.name)) && column !== undefined && typeof key === 'string'
    ? { column, key }
    : undefined;
}

/** Cast to something else than text: the member is a number, as far as its constant is one. */
function isNumeric(node: Node | undefined): boolean {
  return bodyOf(node, 'TypeCast')?.arg !== undefined;
}

function compared(operator: string, value: string, isCast: boolean): readonly string[] {
  const number = isCast && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  switch (operator) {
    case '=':
      return [number === undefined ? JSON.stringify(value) : value];
    case '<>':
      return [number === undefined ? JSON.stringify(`${value}x`) : String(number + 1)];
    case '>':
    case '>=':
      return number === undefined ? [] : [String(number + 1), String(number + 10)];
    case '<':
    case '<=':
      return number === undefined ? [] : [String(number - 1)];
    default:
      return [];
  }
}

/** An object with the members; `undefined` where two conditions ask for different values of one. */
export function objectWith(
  members: readonly JsonMember[],
  pick: (choices: readonly string[]) => string,
): string | undefined {
  const byKey = new Map<string, readonly string[] | undefined>();
  for (const { key, values } of members) {
    const known = byKey.get(key);
    byKey.set(key, known && values ? known.filter((value) => values.includes(value)) : (known ?? values));
  }
  if ([...byKey.values()].some((values) => values?.length === 0)) {
    return undefined;
  }
  const texts = [...byKey].map(
    ([key, values]) => `${JSON.stringify(key)}: ${pick(values ?? ['"text"', '1', 'true', '{}', '[]'])}`,
  );
  return `{${texts.join(', ')}}`;
}
