/** Values of a statement as it is put together: each becomes a parameter, on both engines. */
import { quoteLiteral } from '../../sql/index.js';
import type { EngineName } from '../rollup/dialect.js';

export interface Statement {
  readonly engine: EngineName;
  readonly values: unknown[];
  /** A value as SQL of that type. */
  value(value: unknown, type: string): string;
  /** Values as SQL of a list; DuckDB gets them as one text. They hold no comma. */
  list(values: readonly (string | number)[], type: string): string;
  /** Whether an expression is one of the values. */
  isOneOf(expression: string, values: readonly (string | number)[], type: string): string;
}

export function statement(engine: EngineName): Statement {
  const values: unknown[] = [];
  const value = (one: unknown, type: string): string => {
    values.push(one);
    return `$${values.length}::${type}`;
  };
  const list: Statement['list'] = (many, type) =>
    engine === 'postgresql'
      ? value(many, `${type}[]`)
      : `string_split(${value(many.join(','), 'varchar')}, ',')::${type}[]`;
  return {
    engine,
    values,
    value,
    list,
    isOneOf: (expression, many, type) =>
      many.length === 0
        ? 'false'
        : engine === 'postgresql'
          ? `${expression} = any (${list(many, type)})`
          : `list_contains(${list(many, type)}, ${expression})`,
  };
}

/** Values as they stand in a statement of PostgreSQL that takes no parameters, such as `copy`. */
export const literals: Statement = {
  engine: 'postgresql',
  values: [],
  value: (value, type) =>
    `${quoteLiteral(value instanceof Date ? value.toISOString() : String(value))}::${type}`,
  list: (many, type) => `array[${many.map((one) => literals.value(one, type)).join(', ')}]::${type}[]`,
  isOneOf: (expression, many, type) =>
    many.length === 0 ? 'false' : `${expression} = any (${literals.list(many, type)})`,
};
