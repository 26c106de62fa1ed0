import type { Column, Table, View } from '../../schema/index.js';
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
function notNullClause(
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

export interface SettingsWriting {
  readonly table: Pick<Table, 'schema' | 'name' | 'foreign'> | View;
  /** What it has already: the settings that PostgreSQL takes over from the parent's column. */
  readonly taken?: Pick<Column, 'storage' | 'compression'> | undefined;
  /** The tables below keep what they have. */
  readonly only: boolean;
  readonly major: number;
}

/** What `create table` has no words for on every version: storage, statistics and attribute options. */
export function columnSettings(column: Column, { table, taken, only, major }: SettingsWriting): string[] {
  const kind =
    'kind' in table && table.kind === 'materialized view'
      ? table.kind
      : 'foreign' in table && table.foreign
        ? 'foreign table'
        : 'table';
  const alter = `alter ${kind} ${only ? 'only ' : ''}${nameOf(table)}\n  alter column ${quoteIdentifier(column.name)}`;
  return [
    ...(column.storage === taken?.storage
      ? []
      : [`${alter} set storage ${column.storage ?? standardStorage(column.type, major)}`]),
    ...(taken === undefined || column.compression === taken.compression
      ? []
      : [`${alter} set compression ${column.compression ?? 'default'}`]),
    ...(column.statisticsTarget === undefined ? [] : [`${alter} set statistics ${column.statisticsTarget}`]),
    ...optionChanges([], column.options).map((change) => `${alter} ${change}`),
  ];
}

/** What types store by themselves, for versions without `set storage default`. */
const STORAGE_OF_TYPE: Readonly<Record<string, string>> = { numeric: 'main', inet: 'main', cidr: 'main' };

export function standardStorage(type: string, major: number): string {
  return major >= 16 ? 'default' : (STORAGE_OF_TYPE[bareType(type)] ?? 'extended');
}

/** The type without its modifier: `numeric` of `numeric(10,2)`. */
export function bareType(type: string): string {
  return type.replace(/\([-\d,]+\)/, '');
}
