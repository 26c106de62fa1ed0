/**
 * The schema with what another schema asks of the same tables: rows made for it can stand in both. That is how rows are
 * made that a migration takes which adds a constraint, where rows of any kind are refused.
 */
import type { CheckConstraint, Column, SchemaModel, Table } from '../../schema/index.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { tableKey } from './rows/fill-table.js';

/** @param wanted what is asked of columns that `model` does not have, or has in another type, is left out */
export function meeting(model: SchemaModel, wanted: SchemaModel): SchemaModel {
  const targets = new Map(wanted.tables.map((table) => [tableKey(table.schema, table.name), table]));
  const columnsOf = new Map(
    model.tables.map(({ schema, name, columns }) => [
      tableKey(schema, name),
      new Set(columns.map((column) => column.name)),
    ]),
  );
  const enums = new Map(
    wanted.types.flatMap((type) =>
      type.kind === 'enum' ? [[`${type.schema}.${type.name}`, type.labels] as const] : [],
    ),
  );
  const isThere = (schema: string, name: string, columns: readonly string[]): boolean => {
    const known = columnsOf.get(tableKey(schema, name));
    return known !== undefined && columns.every((column) => known.has(column));
  };
  const tables = model.tables.map((table) => {
    const target = targets.get(tableKey(table.schema, table.name));
    return target === undefined ? table : withDemands(table, target, isThere, enums);
  });
  return { ...model, tables };
}

type Known = (schema: string, table: string, columns: readonly string[]) => boolean;
type Labels = ReadonlyMap<string, readonly string[]>;

function withDemands(table: Table, target: Table, isThere: Known, enums: Labels): Table {
  const targets = new Map(target.columns.map((column) => [column.name, column]));
  const own = new Set(table.constraints.map(({ definition }) => definition));
  const sameType = new Set(
    table.columns.filter(({ name, type }) => targets.get(name)?.type === type).map(({ name }) => name),
  );
  const constraints = target.constraints.filter((constraint) => {
    if (own.has(constraint.definition)) {
      return false;
    }
    if (constraint.kind === 'check') {
      return constraint.columns.every((column) => sameType.has(column));
    }
    return (
      constraint.kind === 'foreign key' &&
      isThere(table.schema, table.name, constraint.columns) &&
      isThere(constraint.references.schema, constraint.references.table, constraint.references.columns)
    );
  });
  const indexes = target.indexes.filter(
    ({ unique, keys, definition }) =>
      unique &&
      keys.every(({ column }) => column === undefined || isThere(table.schema, table.name, [column])) &&
      !table.indexes.some((index) => index.definition === definition),
  );
  return {
    ...table,
    columns: table.columns.map((column) =>
      targets.get(column.name)?.notNull ? { ...column, notNull: true } : column,
    ),
    constraints: [
      ...table.constraints,
      ...constraints,
      ...table.columns.flatMap((column) => readAs(column, targets.get(column.name), enums)),
    ],
    indexes: [...table.indexes, ...indexes],
  };
}

/** What a value must be like to be read by the other type: one of its labels, or no longer than it says. */
function readAs(column: Column, target: Column | undefined, enums: Labels): CheckConstraint[] {
  if (target === undefined || target.type === column.type) {
    return [];
  }
  const text = `(${quoteIdentifier(column.name)})::text`;
  const labels = enums.get(target.type);
  if (labels !== undefined) {
    const list = labels.map((label) => `${quoteLiteral(label)}::text`).join(', ');
    return [check(column, `(${text} = ANY (ARRAY[${list}]))`)];
  }
  const length = /^(?:character varying|character)\((\d+)\)$/.exec(target.type)?.[1];
  return length === undefined ? [] : [check(column, `(length(${text}) <= ${length})`)];
}

function check({ name }: Column, expression: string): CheckConstraint {
  return {
    kind: 'check',
    name: `${name} as it will be`,
    definition: `CHECK (${expression})`,
    expression,
    columns: [name],
  };
}
