import type { Constraint, Table } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import { columnDefinition } from './column.js';
import { constraintClause } from './constraint.js';
import { linesInParentheses, lowerKeywords } from './keywords.js';
import { nameOf } from './named.js';
import { foreignOptions, withOptions } from './options.js';

export interface TableWriting {
  readonly major: number;
  /** The columns whose default comes with a statement of its own. */
  readonly lateDefaults: ReadonlySet<string>;
  /** The constraints that are written with the table. */
  readonly constraints: readonly Constraint[];
  /** It is made as a partition of its parent, not attached to it later. */
  readonly asPartition: boolean;
}

/** `create table` with everything that its words can say. */
export function createTable(table: Table, writing: TableWriting): string {
  const { asPartition } = writing;
  const kind = `${table.unlogged ? 'unlogged ' : ''}${table.foreign ? 'foreign ' : ''}table`;
  const head = `create ${kind} ${nameOf(table)}`;
  const parent = asPartition ? table.partitionOf : undefined;
  const constraints = writing.constraints.map(constraintClause);
  const body = parent
    ? inParenthesesIfAny(constraints)
    : table.ofType
      ? inParenthesesIfAny([...typedColumns(table, writing), ...constraints])
      : ` ${linesInParentheses([...ownColumns(table, writing), ...constraints])}`;
  const of = parent
    ? ` partition of ${qualifiedName(parent.schema, parent.name)}`
    : table.ofType
      ? ` of ${table.ofType}`
      : '';
  return [
    `${head}${of}${body}`,
    ...(table.inherits ? [`inherits (${table.inherits.map(nameOf).join(', ')})`] : []),
    ...(parent ? [lowerKeywords(parent.bound)] : []),
    ...(table.partitionBy ? [`partition by ${lowerKeywords(table.partitionBy.definition)}`] : []),
    ...(table.foreign
      ? [
          [`server ${quoteIdentifier(table.foreign.server)}`, foreignOptions(table.foreign.options)]
            .join(' ')
            .trimEnd(),
        ]
      : []),
    ...(table.accessMethod ? [`using ${quoteIdentifier(table.accessMethod)}`] : []),
    ...(table.options && !table.foreign ? [withOptions(table.options)] : []),
    ...(table.tablespace ? [`tablespace ${quoteIdentifier(table.tablespace)}`] : []),
  ].join('\n');
}

function inParenthesesIfAny(lines: readonly string[]): string {
  return lines.length === 0 ? '' : ` ${linesInParentheses(lines)}`;
}

function ownColumns(table: Table, { lateDefaults, major }: TableWriting): string[] {
  return table.columns
    .filter(({ inherited }) => !inherited)
    .map((column) => columnDefinition(table, column, { withDefault: !lateDefaults.has(column.name), major }));
}

/** Of a typed table's columns only what the type does not say. */
function typedColumns(table: Table, { lateDefaults }: TableWriting): string[] {
  return table.columns.flatMap((column) => {
    const extras = [
      ...(column.notNull ? ['not null'] : []),
      ...(column.default !== undefined && !lateDefaults.has(column.name)
        ? [`default ${lowerKeywords(column.default)}`]
        : []),
    ];
    return extras.length > 0 ? [`${quoteIdentifier(column.name)} with options ${extras.join(' ')}`] : [];
  });
}
