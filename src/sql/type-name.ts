/** Type names of the parse tree, written as PostgreSQL's `format_type` writes types. */
import { bodyOf, type NodeBody, namesOf } from './node.js';
import { qualifiedName } from './quote.js';

/** `numeric(10,2)` for `decimal(10, 2)`, `integer[]` for `int4[]`, `app.mood` for a type of one's own. */
export function formatTypeName(typeName: NodeBody<'TypeName'> | undefined): string {
  const parts = namesOf(typeName?.names);
  const name = parts.at(-1) ?? '';
  const isBuiltIn = parts.length === 1 || parts[0] === 'pg_catalog';
  const modifiers = modifiersOf(typeName);
  const array = typeName?.arrayBounds?.length ? '[]' : '';
  return isBuiltIn
    ? `${builtIn(name, modifiers)}${array}`
    : `${qualifiedName(...parts)}${inParentheses(modifiers)}${array}`;
}

function modifiersOf(typeName: NodeBody<'TypeName'> | undefined): readonly string[] {
  return (typeName?.typmods ?? []).map((node) => {
    const constant = bodyOf(node, 'A_Const');
    return constant?.ival ? String(constant.ival.ival ?? 0) : (constant?.sval?.sval ?? '?');
  });
}

function inParentheses(modifiers: readonly string[]): string {
  return modifiers.length === 0 ? '' : `(${modifiers.join(',')})`;
}

/** The internal names of the types that have another name in SQL. */
const SQL_NAMES: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bpchar: 'character',
  varchar: 'character varying',
  varbit: 'bit varying',
  decimal: 'numeric',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
  serial: 'integer',
  serial4: 'integer',
  bigserial: 'bigint',
  serial8: 'bigint',
  smallserial: 'smallint',
  serial2: 'smallint',
};

/** The mask of an interval's fields when all of them are kept. */
const INTERVAL_FULL_RANGE = '32767';

function builtIn(name: string, modifiers: readonly string[]): string {
  const sqlName = SQL_NAMES[name] ?? name;
  if (name === 'interval') {
    return modifiers[0] === INTERVAL_FULL_RANGE
      ? `interval(${modifiers[1]})`
      : `interval${inParentheses(modifiers)}`;
  }
  if (name === 'numeric' && modifiers.length === 1) {
    return `numeric(${modifiers[0]},0)`;
  }
  // The precision of a time stands before `with time zone`.
  const [first, ...rest] = sqlName.split(' ');
  return /^time/.test(name)
    ? `${first}${inParentheses(modifiers)} ${rest.join(' ')}`
    : `${sqlName}${inParentheses(modifiers)}`;
}
