/**
 * What counts when two schemas are compared. The fingerprint and the diff both look at a model through this, so that
 * two models have the same fingerprint exactly when their diff is empty.
 */
import type { Column, Extension, SchemaModel, Statistics, Table } from '../schema/index.js';

export interface ComparisonOptions {
  /** The order of a table's columns does not count. Default false. */
  readonly ignoreColumnOrder?: boolean;
  /** Who owns an object does not count. Default false. */
  readonly ignoreOwners?: boolean;
  /** Grants and default privileges do not count. Default false. */
  readonly ignorePrivileges?: boolean;
  /**
   * What depends on the server's version counts too: the names of not-null constraints, which PostgreSQL has since
   * 18, and the versions of extensions. For models of the same major version. Default false.
   */
  readonly exact?: boolean;
}

/** The model without what does not count. */
export function comparable(model: SchemaModel, options: ComparisonOptions): SchemaModel {
  const compared: SchemaModel = {
    ...model,
    postgresMajor: 0,
    extensions: options.exact ? model.extensions : model.extensions.map(withoutVersion),
    tables: model.tables.map((table) => comparableTable(table, options)),
    defaultPrivileges: options.ignorePrivileges ? [] : model.defaultPrivileges,
  };
  const ignored = [
    ...(options.ignoreOwners ? ['owner'] : []),
    ...(options.ignorePrivileges ? ['grants', 'revokes'] : []),
  ];
  return ignored.length > 0 ? without(compared, new Set(ignored)) : compared;
}

/** The server fills the comment in, and another version may fill in another. */
function withoutVersion({ version: _version, comment: _comment, ...extension }: Extension): Extension {
  return { ...extension, version: '' };
}

/** What is inherited is implied by the parent, and may have been given another name by chance. */
function comparableTable(table: Table, options: ComparisonOptions): Table {
  const columns = options.exact ? table.columns : table.columns.map(withoutNotNullName);
  return {
    ...table,
    columns: options.ignoreColumnOrder ? [...columns].sort(byName) : columns,
    constraints: table.constraints.filter(({ inherited }) => !inherited),
    triggers: table.triggers.filter(({ inherited }) => !inherited),
    ...(table.partitions
      ? { partitions: table.partitions.map((partition) => comparableTable(partition, options)) }
      : {}),
    statistics: options.ignoreColumnOrder ? table.statistics.map(withoutDefinition) : table.statistics,
  };
}

function withoutNotNullName(column: Column): Column {
  if (!column.notNullConstraint) {
    return column;
  }
  const { notNullConstraint, ...rest } = column;
  const { name: _name, ...meaning } = notNullConstraint;
  return Object.keys(meaning).length > 0 ? { ...rest, notNullConstraint: meaning } : rest;
}

/** PostgreSQL writes the columns of statistics in table order, whatever order was asked for. */
function withoutDefinition(statistics: Statistics): Statistics {
  return { ...statistics, definition: '' };
}

function byName(a: Column, b: Column): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function without<T>(value: T, ignored: ReadonlySet<string>): T {
  if (Array.isArray(value)) {
    return value.map((element) => without(element, ignored)) as T;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const kept: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    if (!ignored.has(key)) {
      kept[key] = without(part, ignored);
    }
  }
  return kept as T;
}
