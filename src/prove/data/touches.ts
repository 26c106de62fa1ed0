/**
 * Changes to rows that were there before: values for columns that have none yet, other values for some rows, one row
 * deleted. The values are those of rows just planned for the table, so that they meet its conditions; keys stay.
 */
import type { ForeignKey, Table } from '../../schema/index.js';
import { qualifiedName, quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { type Component, componentsOf } from './rows/components.js';
import type { FillTable } from './rows/fill-table.js';
import type { Cell, Row } from './rows/row.js';
import { cellSql, identityArray } from './write-rows.js';

/** One statement about one row, which answers with the row's identity. */
export interface Touch {
  readonly kind: 'update' | 'delete';
  readonly fill: FillTable;
  readonly columns: readonly string[];
  readonly sql: string;
}

/** A key of another table that refers to this one. */
export interface Referrer {
  readonly table: Table;
  readonly key: ForeignKey;
}

/** @param rows of those that were there, the ones to be touched; the last of several is deleted */
export function touchesOf(
  fill: FillTable,
  existing: readonly Row[],
  rows: readonly Row[],
  planned: readonly Row[],
  referrers: readonly Referrer[],
): readonly Touch[] {
  const groups = changeableGroups(fill, referrers);
  const isEmpty = (column: string): boolean => existing.every((row) => row.get(column) === null);
  const updates = rows.flatMap((row, place) => {
    const source = planned[(place + 1) % Math.max(1, planned.length)];
    // Some rows keep what they have, so that old values are there to be lost.
    const wanted = place % 3 === 1 ? groups : groups.filter((group) => group.some(isEmpty));
    const cells = source === undefined || isSpared(place, rows.length) ? [] : changes(row, source, wanted);
    return cells.length === 0 ? [] : [update(fill, row, cells)];
  });
  const last = rows.at(-1);
  return rows.length >= 3 && last !== undefined ? [...updates, remove(fill, last, referrers)] : updates;
}

/** The last of several rows is the one to be deleted. */
function isSpared(place: number, count: number): boolean {
  return count >= 3 && place === count - 1;
}

/** Columns that can be given other values, in the groups in which they must be: no keys, nothing that others refer to. */
function changeableGroups(fill: FillTable, referrers: readonly Referrer[]): readonly (readonly string[])[] {
  const fixed = new Set([
    ...fill.uniques.flat(),
    ...fill.keptApart,
    ...(fill.identity ?? []),
    ...referrers.flatMap(({ key }) => key.references.columns),
    ...fill.leaves.flatMap(({ conditions }) => conditions.flatMap(({ columns }) => columns)),
    ...(fill.table.partitionBy?.columns ?? []),
    ...fill.columns.filter(({ identity }) => identity).map(({ name }) => name),
  ]);
  const groups = componentsOf(fill).flatMap(separate);
  const grouped = new Set(groups.flat());
  const single = fill.columns.map(({ name }) => name).filter((name) => !grouped.has(name));
  return [...groups, ...single.map((name) => [name])].filter(
    (group) => !group.some((name) => fixed.has(name)),
  );
}

/** Foreign keys that only meet in what they refer to can change one by one. */
function separate({ columns, conditions, foreignKeys }: Component): readonly (readonly string[])[] {
  const keyColumns = foreignKeys.flatMap((key) => key.columns);
  const isDisjoint = new Set(keyColumns).size === keyColumns.length;
  return conditions.length === 0 && isDisjoint
    ? [...foreignKeys.map((key) => key.columns), columns.filter((column) => !keyColumns.includes(column))]
    : [columns];
}

/** The cells of the groups that would change, whole groups only. */
function changes(row: Row, source: Row, groups: readonly (readonly string[])[]): (readonly [string, Cell])[] {
  return groups
    .filter((group) => group.every((column) => source.has(column)))
    .filter((group) =>
      group.some((column) => source.get(column) !== null && source.get(column) !== row.get(column)),
    )
    .flatMap((group) => group.map((column) => [column, source.get(column)!] as const));
}

function update(fill: FillTable, row: Row, cells: readonly (readonly [string, Cell])[]): Touch {
  const set = cells.map(([column, cell]) => `${quoteIdentifier(column)} = ${cellSql(cell)}`).join(', ');
  return {
    kind: 'update',
    fill,
    columns: cells.map(([column]) => column),
    sql: answering(fill, `update ${targetOf(fill)} as t set ${set} where ${isRow(fill, row)}`),
  };
}

/** Deletes the row unless something refers to it: nothing else may go with it. */
function remove(fill: FillTable, row: Row, referrers: readonly Referrer[]): Touch {
  const unreferenced = referrers.map(({ table, key }) => {
    const same = key.columns.map(
      (column, place) =>
        `r.${quoteIdentifier(column)} = t.${quoteIdentifier(key.references.columns[place]!)}`,
    );
    return ` and not exists (select from ${qualifiedName(table.schema, table.name)} as r where ${same.join(' and ')})`;
  });
  return {
    kind: 'delete',
    fill,
    columns: [],
    sql: answering(
      fill,
      `delete from ${targetOf(fill)} as t where ${isRow(fill, row)}${unreferenced.join('')}`,
    ),
  };
}

function targetOf({ table }: FillTable): string {
  return `${table.partitionBy === undefined ? 'only ' : ''}${qualifiedName(table.schema, table.name)}`;
}

function isRow(fill: FillTable, row: Row): string {
  const columns = fill.identity ?? ['tableoid', 'ctid'];
  return columns
    .map((column) => `t.${quoteIdentifier(column)} = ${quoteLiteral(row.get(column)!)}`)
    .join(' and ');
}

function answering(fill: FillTable, statement: string): string {
  return `with w as (${statement} returning ${identityArray(fill)} as cells) select json_agg(cells)::text from w`;
}
