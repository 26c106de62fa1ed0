/** The table that kept data goes back to, and its columns, whatever their names and types are by now. */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { KeptItem } from './items.js';
import { isStored, type KeptColumn, nameOf, restoredValue } from './layout.js';
import type { Moves } from './steps.js';
import { type ColumnFact, readTables, type TableFacts } from './table-facts.js';

/**
 * The table that the item is of: by its name when the script that kept it began, or had ended, whichever is asked for
 * first; else the table that it was a partition of.
 */
export async function findTarget(
  session: Session,
  { schema, name, layout }: KeptItem,
  first: 'start' | 'after' = 'start',
): Promise<TableFacts | undefined> {
  const after = layout.after ? [layout.after] : [];
  const own = first === 'start' ? [{ schema, name }, ...after] : [...after, { schema, name }];
  const names = [...own, ...(layout.parents ?? [])];
  return findByName(session, names);
}

/** The first table that has one of the names, or `undefined`. */
export async function findByName(
  session: Session,
  names: readonly { readonly schema: string; readonly name: string }[],
): Promise<TableFacts | undefined> {
  const rows = await session.query<{ oid: number }>(
    `select c.oid::int8::float8 as oid
       from unnest($1::text[], $2::text[]) with ordinality as wanted (schema, name, place)
       join pg_catalog.pg_namespace as n on n.nspname = wanted.schema
       join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = wanted.name and c.relkind in ('r', 'p')
      order by wanted.place`,
    [names.map((one) => one.schema), names.map((one) => one.name)],
  );
  const [found] = await readTables(
    session,
    rows.slice(0, 1).map(({ oid }) => oid),
  );
  return found;
}

/** The column of the table that a kept column is. */
export function columnNow(table: TableFacts, { name, after }: KeptColumn): ColumnFact | undefined {
  return (
    table.columns.find((column) => column.name === name) ??
    table.columns.find((column) => column.name === after)
  );
}

/** The kept columns that the table has now; of two that would be one column, the one that still has its name. */
export function columnsThere(table: TableFacts, columns: readonly KeptColumn[]): KeptColumn[] {
  const own = new Set(columns.map(({ name }) => name));
  return columns.filter((column) => {
    const now = columnNow(table, column);
    return now !== undefined && (now.name === column.name || !own.has(now.name));
  });
}

/** The item as the script left it: by the names that things had when it had ended. */
export function asLeft(item: KeptItem): KeptItem {
  const renamed = new Set([...item.layout.key, ...item.layout.columns].flatMap(({ after }) => after ?? []));
  // Where another has its name by then, it must not be taken for that one.
  const own = ({ name }: KeptColumn): string => (renamed.has(name) ? NO_NAME : name);
  const left = (column: KeptColumn): KeptColumn =>
    column.after === undefined
      ? { ...column, name: own(column) }
      : { ...column, name: column.after, after: own(column) };
  return {
    ...item,
    layout: { ...item.layout, key: item.layout.key.map(left), columns: item.layout.columns.map(left) },
  };
}

/** The name of no column. */
const NO_NAME = '';

export function nameNow(target: TableFacts): (column: KeptColumn) => string {
  return (column) => columnNow(target, column)?.name ?? column.name;
}

/** `column = old value, …` */
export function assignments(target: TableFacts, columns: readonly KeptColumn[]): string {
  return columns
    .map((column) => {
      const now = columnNow(target, column)!;
      return `${quoteIdentifier(now.name)} = ${restoredValue(now, column, `k.${quoteIdentifier(column.kept)}`)}`;
    })
    .join(', ');
}

/** True when one of the columns has another value than the kept one. */
export function differences(target: TableFacts, columns: readonly KeptColumn[], alias: string): string {
  return columns
    .map(
      (column) =>
        `not (${isStored(alias, columnNow(target, column)!, column, `k.${quoteIdentifier(column.kept)}`)})`,
    )
    .join(' or ');
}

/** A column of the table that gets kept values back. @param returns true in SQL where it does */
export function movedColumn(
  target: TableFacts,
  column: KeptColumn,
  returns: string,
): Moves['columns'][number] {
  const now = columnNow(target, column)!;
  const old = restoredValue(now, column, `k.${quoteIdentifier(column.kept)}`);
  return { name: now.name, type: now.type, returns, old };
}

/** `insert into … select the old values from …`, identities included. */
export function insertion(target: TableFacts, columns: readonly KeptColumn[], from: string): string {
  const names = columns.map((column) => quoteIdentifier(columnNow(target, column)!.name));
  const values = columns.map((column) =>
    restoredValue(columnNow(target, column)!, column, `k.${quoteIdentifier(column.kept)}`),
  );
  // A table may have no columns at all; its rows count nevertheless.
  if (names.length === 0) {
    return `insert into ${nameOf(target)} select from ${from}`;
  }
  return `insert into ${nameOf(target)} (${names.join(', ')}) overriding system value select ${values.join(', ')} from ${from}`;
}
