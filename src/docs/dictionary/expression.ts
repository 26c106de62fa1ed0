/** PostgreSQL's text for an expression, read only as far as a reader's page needs it. */

const LITERAL = "'(?:[^']|'')*'";

/**
 * The expression as a person would have written it: without the brackets around the whole, without the casts that
 * PostgreSQL adds to literals, with `in (…)` for `= any (array[…])` and `between` for two bounds.
 */
export function readableExpression(expression: string): string {
  const uncast = expression.replace(
    CASTS,
    (whole, literal: string | undefined, column: string | undefined, number: string | undefined) =>
      literal ?? column ?? number ?? whole,
  );
  const listed = uncast
    .replace(/'(-?\d+)'::(?:bigint|integer|smallint)\b/g, '$1')
    .replace(LIST, (_, values: string) => `in (${values})`)
    .replace(BOUNDS, '($1 between $2 and $3)');
  return withoutOuterBrackets(listed);
}

/** Quoted identifiers as they are, cast literals, cast columns, cast numbers. */
const CASTS = new RegExp(
  [
    '"(?:[^"]|"")*"',
    `(${LITERAL})(?:::(?:text|character varying|bpchar)(?!\\[))?`,
    '\\((\\w+)\\)::text(?!\\[)',
    '\\((-?\\d+(?:\\.\\d+)?)\\)::(?:numeric|bigint|smallint|double precision|real)(?![[(])',
  ].join('|'),
  'g',
);
const LIST = new RegExp(`= ANY \\(\\(?ARRAY\\[((?:${LITERAL}|[\\d., ])+)\\](?:\\)?::text\\[\\])?\\)`, 'g');
const BOUNDS = /\(\((\w+(?:\(\w+\))?) >= (-?\d+)\) AND \(\1 <= (-?\d+)\)\)/g;

/** The values that the expression allows, where it is a plain list of text literals or of numbers. */
export function listedValues(expression: string): readonly string[] | undefined {
  const list = /^[\w"]+ in \((.*)\)$/s.exec(readableExpression(expression))?.[1];
  const literals = list?.match(new RegExp(LITERAL, 'g'));
  return literals?.map((literal) => literal.slice(1, -1).replaceAll("''", "'"));
}

/** The value of an expression that is one literal: a text, a number or a boolean. */
export function literalIn(expression: string): string | undefined {
  const text = new RegExp(`^(${LITERAL})(?:::[\\w ."()]+)?$`).exec(expression)?.[1];
  if (text !== undefined) {
    return text.slice(1, -1).replaceAll("''", "'");
  }
  return /^(true|false|\(?-?\d+(\.\d+)?\)?(::\w+)?)$/.test(expression)
    ? expression.replace(/::\w+$/, '').replace(/[()]/g, '')
    : undefined;
}

/** The shorter names that PostgreSQL has for the same types. */
export function shortType(type: string): string {
  return type
    .replace(/timestamp(\(\d\))? with time zone/, 'timestamptz$1')
    .replace(/timestamp(\(\d\))? without time zone/, 'timestamp$1')
    .replace(/\btime(\(\d\))? with time zone/, 'timetz$1')
    .replace(/\btime(\(\d\))? without time zone/, 'time$1')
    .replace('character varying', 'varchar')
    .replace(/^character\(/, 'char(');
}

function withoutOuterBrackets(expression: string): string {
  return isBracketed(expression) ? withoutOuterBrackets(expression.slice(1, -1)) : expression;
}

/** True where the first bracket closes at the very end; quoted text does not count. */
function isBracketed(expression: string): boolean {
  const bare = expression.replace(new RegExp(`${LITERAL}|"(?:[^"]|"")*"`, 'g'), (quoted) =>
    '_'.repeat(quoted.length),
  );
  if (!bare.startsWith('(')) {
    return false;
  }
  let depth = 0;
  for (let index = 0; index < bare.length; index += 1) {
    depth += bare[index] === '(' ? 1 : bare[index] === ')' ? -1 : 0;
    if (depth === 0) {
      return index === bare.length - 1;
    }
  }
  return false;
}
