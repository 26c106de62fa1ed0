import type { Column, Table } from '../../schema/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import { sequenceName } from './default-name.js';
import { lowerKeywords } from './keywords.js';
import { nameOf } from './named.js';
import { foreignOptions, optionChanges } from './options.js';
import { identityClause } from './sequence.js';

export interface ColumnWriting {
  /** Its default is written with it. */
  readonly withDefault: boolean;
  /** The major version of the server that the statement is for. */
  readonly major: number;
}

/** A column as it stands in `create table` and behind `add column`. */
export function columnDefinition(
  table: Table,
  column: Column,
  { withDefault, major }: ColumnWriting,
): string {
  const { name, type, collation, compression, foreignOptions: options } = column;
  return [
    quoteIdentifier(name),
    type,
    ...(compression ? [`compression ${compression}`] : []),
    ...(options ? [foreignOptions(options)] : []),
    ...(collation ? [`collate ${collation}`] : []),
    ...notNullClause(column, major),
    ...(withDefault && column.default !== undefined ? [`default ${lowerKeywords(column.default)}`] : []),
    ...generationClauses(table, column),
  ].join(' ');
}

/** A constraint that is not validated needs a statement of its own. */
export function notNullClause(
  { notNull, notNullConstraint: constraint, identity }: Column,
  major: number,
): string[] {
  if (!notNull || constraint?.notValid || (identity && !constraint?.name)) {
    return [];
  }
  const named = constraint?.name && major >= 18 ? `constraint ${quoteIdentifier(constraint.name)} ` : '';
  return [`${named}not null${constraint?.noInherit && major >= 18 ? ' no inherit' : ''}`];
}

function generationClauses(table: Table, { name, identity, generated }: Column): string[] {
  if (identity) {
    const isNamed = identity.sequence !== sequenceName(table.name, name);
    return [identityClause(identity, isNamed, table.schema)];
  }
  return generated
    ? [`generated always as (${lowerKeywords(bare(generated.expression))}) ${generated.storage}`]
    : [];
}

/** Without a pair of parentheses around the whole. */
export function bare(expression: string): string {
  if (!expression.startsWith('(') || !expression.endsWith(')')) {
    return expression;
  }
  const inner = expression.slice(1, -1);
  let depth = 0;
  for (const character of inner) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    // A parenthesis inside a constant may mislead the count: then the pair stays, which is right too.
    if (depth < 0) {
      return expression;
    }
  }
  return depth === 0 ? inner : expression;
}

/** What `create table` has no words for on every version: storage, statistics and attribute options. */
export function columnSettings(table: Table, column: Column): string[] {
  const alter = `alter ${table.foreign ? 'foreign table' : 'table'} ${nameOf(table)}\n  alter column ${quoteIdentifier(column.name)}`;
  return [
    ...(column.storage ? [`${alter} set storage ${column.storage}`] : []),
    ...(column.statisticsTarget === undefined ? [] : [`${alter} set statistics ${column.statisticsTarget}`]),
    ...optionChanges([], column.options).map((change) => `${alter} ${change}`),
  ];
}
