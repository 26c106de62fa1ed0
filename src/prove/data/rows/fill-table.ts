import type { CheckConstraint, Column, ForeignKey, SchemaModel, Table } from '../../../schema/index.js';
import { quoteIdentifier } from '../../../sql/index.js';
import { ANYTHING, type Branch, renamed } from '../conditions/branch.js';
import { branchesOf } from '../conditions/branches-of.js';
import { mentionedIn, parseExpression } from '../conditions/expression.js';
import type { PartitionFacts, Types } from '../type-facts.js';

/** A condition that rows must meet, and what to call it when they cannot. */
export interface RowCondition {
  readonly kind: 'check' | 'domain' | 'partition' | 'generated column';
  readonly name: string;
  /** Over the table's columns, as PostgreSQL writes it. */
  readonly expression: string;
  readonly definition: string;
  readonly columns: readonly string[];
  /** Its ways to hold, over the table's columns. */
  readonly branches: readonly Branch[];
}

/** Where a row goes, with what it must meet there. */
export interface Leaf {
  readonly name: string;
  readonly conditions: readonly RowCondition[];
}

/** A table as the rows to be made see it. */
export interface FillTable {
  readonly key: string;
  readonly table: Table;
  /** The columns that an insert may name. */
  readonly columns: readonly Column[];
  readonly columnsByName: ReadonlyMap<string, Column>;
  readonly generated: readonly Column[];
  readonly conditions: readonly RowCondition[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Sets of columns whose values no two rows may share. */
  readonly uniques: readonly (readonly string[])[];
  /** Columns of exclusion constraints, and others whose values are better kept apart. */
  readonly keptApart: ReadonlySet<string>;
  /** The columns that make up its rows' identity, or `undefined` where it has no key. */
  readonly identity: readonly string[] | undefined;
  /** The partitions that hold rows; one without conditions for an ordinary table. */
  readonly leaves: readonly Leaf[];
  /** `on conflict do nothing` cannot be said of it. */
  readonly hasDeferrableKeys: boolean;
  readonly hasRules: boolean;
}

export function tableKey(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}

/** The tables that hold rows and can be written to, partitions in the table they belong to. */
export function fillTablesOf(
  model: SchemaModel,
  types: Types,
  partitions: readonly PartitionFacts[],
): readonly FillTable[] {
  const byKey = new Map(model.tables.map((table) => [tableKey(table.schema, table.name), table]));
  return model.tables
    .filter(({ partitionOf, foreign }) => !partitionOf && !foreign)
    .map((table) => fillTableOf(table, types, leavesOf(table, partitions, byKey)));
}

function fillTableOf(table: Table, types: Types, parts: readonly LeafTable[]): FillTable {
  const columns = table.columns.filter(({ generated }) => !generated);
  const generated = table.columns.filter((column) => column.generated);
  const conditions = [
    ...table.constraints.filter((constraint) => constraint.kind === 'check').flatMap(checkCondition),
    ...columns.flatMap((column) => domainConditions(column, types)),
    ...generated.flatMap(computableCondition),
  ];
  const own = new Set(conditions.map(({ expression }) => expression));
  const indexes = [table, ...parts.flatMap(({ table }) => table ?? [])].flatMap((each) => each.indexes);
  return {
    key: tableKey(table.schema, table.name),
    table,
    columns,
    columnsByName: new Map(table.columns.map((column) => [column.name, column])),
    generated,
    conditions,
    foreignKeys: foreignKeysOf(table, parts),
    uniques: uniqueSets(table, indexes),
    keptApart: new Set(
      table.constraints.flatMap((constraint) =>
        constraint.kind === 'exclusion' ? mentioned(constraint.definition, columns) : [],
      ),
    ),
    identity: identityOf(table),
    leaves:
      parts.length === 0
        ? [{ name: table.name, conditions: [] }]
        : parts.map(({ facts, table: leaf }) => leafOf(facts, leaf, own)),
    hasDeferrableKeys: table.constraints.some(
      ({ kind, deferrable }) => deferrable && ['primary key', 'unique', 'exclusion'].includes(kind),
    ),
    hasRules: table.rules.length > 0,
  };
}

/** Those of the table, and those that its partitions have of their own: a row may go to any of them. */
function foreignKeysOf(table: Table, parts: readonly LeafTable[]): readonly ForeignKey[] {
  const keys = [table, ...parts.flatMap((part) => part.table ?? [])]
    .flatMap(({ constraints }) => constraints)
    .filter((each): each is ForeignKey => each.kind === 'foreign key' && !each.notEnforced);
  return [...new Map(keys.map((key) => [JSON.stringify([key.columns, key.references]), key])).values()];
}

interface LeafTable {
  readonly facts: PartitionFacts;
  readonly table: Table | undefined;
}

function leavesOf(
  table: Table,
  partitions: readonly PartitionFacts[],
  byKey: ReadonlyMap<string, Table>,
): readonly LeafTable[] {
  return partitions
    .filter(({ rootSchema, rootName }) => rootSchema === table.schema && rootName === table.name)
    .map((facts) => ({ facts, table: byKey.get(tableKey(facts.schema, facts.name)) }));
}

function leafOf(facts: PartitionFacts, leaf: Table | undefined, own: ReadonlySet<string>): Leaf {
  const bound = facts.condition;
  const checks = (leaf?.constraints ?? [])
    .filter((constraint) => constraint.kind === 'check')
    .filter(({ expression }) => !own.has(expression));
  return {
    name: facts.name,
    conditions: [
      ...(bound === null
        ? []
        : [
            {
              kind: 'partition' as const,
              name: facts.name,
              expression: bound,
              definition: bound,
              columns: columnsIn(bound),
              branches: branchesOf(bound),
            },
          ]),
      ...checks.flatMap(checkCondition),
    ],
  };
}

function checkCondition(check: CheckConstraint): RowCondition[] {
  const { name, expression, definition, columns } = check;
  const condition = { kind: 'check' as const, name, expression, definition, columns };
  return check.notEnforced ? [] : [{ ...condition, branches: branchesOf(expression) }];
}

const NUMERIC = /^(smallint|integer|bigint|numeric|real|double precision|money)\b/;

/** What a column is computed to must be within its type: products of ordinary numbers may not be. */
function computableCondition({ name, type, generated }: Column): RowCondition[] {
  const expression = generated?.expression ?? '';
  const columns = columnsIn(expression);
  if (!NUMERIC.test(type) || !/[*^+-]/.test(expression) || columns.length === 0) {
    return [];
  }
  const small = new Map(columns.map((column) => [column, { hints: SMALL_NUMBERS }] as const));
  return [
    {
      kind: 'generated column',
      name,
      expression: `(((${expression})::${type}) is null) is not null`,
      definition: `generated always as (${expression})`,
      columns,
      branches: [{ ...ANYTHING, columns: small }],
    },
  ];
}

const SMALL_NUMBERS: readonly string[] = ['1', '2', '3', '5', '8', '12'];

/** A domain's conditions, told of the column; the domains below it included. */
function domainConditions(column: Column, types: Types): RowCondition[] {
  const conditions: RowCondition[] = [];
  let facts = types.get(column.type);
  while (facts?.kind === 'domain') {
    for (const { name, expression, definition } of facts.checks ?? []) {
      conditions.push({
        kind: 'domain',
        name,
        expression: `(select ${expression} from (select ${quoteIdentifier(column.name)} as value) as domain_value)`,
        definition,
        columns: [column.name],
        branches: branchesOf(expression).map((branch) => renamed(branch, 'value', column.name)),
      });
    }
    facts = types.get(facts.of!);
  }
  return conditions;
}

function columnsIn(expression: string): readonly string[] {
  return mentionedIn(parseExpression(expression)).columns;
}

/** The columns whose names stand in a text as words. */
function mentioned(text: string, columns: readonly Column[]): string[] {
  const words = new Set(text.match(/[\p{L}_][\p{L}\p{N}_$]*/gu));
  return columns.map(({ name }) => name).filter((name) => words.has(name));
}

type Indexes = Table['indexes'];

function uniqueSets(table: Table, indexes: Indexes): readonly (readonly string[])[] {
  const sets = indexes
    .filter(({ unique }) => unique)
    .map(({ keys }) =>
      keys.flatMap(({ column, expression }) => (column ? [column] : mentioned(expression!, table.columns))),
    );
  const distinct = new Map(sets.filter((set) => set.length > 0).map((set) => [JSON.stringify(set), set]));
  return [...distinct.values()];
}

function identityOf(table: Table): readonly string[] | undefined {
  const notNull = new Set(table.columns.filter((column) => column.notNull).map(({ name }) => name));
  const keys = table.indexes.filter(
    ({ unique, predicate, keys }) =>
      unique &&
      predicate === undefined &&
      keys.every(({ column }) => column !== undefined && notNull.has(column)),
  );
  const primary = table.constraints.find(({ kind }) => kind === 'primary key');
  const chosen =
    keys.find(({ constraint }) => constraint !== undefined && constraint === primary?.name) ?? keys[0];
  return chosen?.keys.map(({ column }) => column!);
}
