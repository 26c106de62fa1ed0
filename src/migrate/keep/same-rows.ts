/**
 * Rows without a key that one statement of a script has changed and a later one has removed: what is removed is known
 * whole, and so by its digest. Rows alike in all that is known are interchangeable.
 */
import { quoteIdentifier } from '../../sql/index.js';
import type { KeptNow } from './keep-scope.js';
import { digestOf, type KeptColumn, keptTable, keptTableName } from './layout.js';

/** Whether rows that `newer` holds, all of them removed, can be known as rows that `older` has changed. */
export function canTellSame(older: KeptNow, newer: KeptNow): boolean {
  const { key, columns, isFull } = older.layout;
  // Of a value that the statement has not changed, nothing is kept.
  const tellsRows =
    columns.length === 1 || isFull !== undefined || columns.every((column) => isAmong(key, column));
  return (
    tellsRows &&
    newer.oid === older.oid &&
    newer.kind === 'rows' &&
    [...key, ...columns].every((column) => isAmong(newer.layout.columns, column))
  );
}

/** A query for the places of the rows that are the same: `y` in the table of `older`, `x` in that of `newer`. */
export function sameRows(older: KeptNow, newer: KeptNow): string {
  // What the digest does not tell of a row, its new values do.
  const beside = older.layout.columns.filter(
    (column) => column.fresh !== undefined && !isAmong(older.layout.key, column),
  );
  const known = (alias: string, digest: string, names: readonly string[]): string[] => [
    digest,
    ...names.map((name) => `${alias}.${quoteIdentifier(name)}::pg_catalog.text`),
  ];
  const numbered = (alias: string, { id }: KeptNow, values: readonly string[], where: string): string =>
    `(select ${alias}.ctid as at, row(${values.join(', ')}) as known,
             pg_catalog.row_number() over (partition by ${values.join(', ')}) as number
        from ${keptTable(keptTableName(id))} as ${alias} where ${where}) as ${alias}`;
  const changed = known(
    'y',
    'y.k1',
    beside.map(({ fresh }) => fresh!),
  );
  const removed = known('x', digestOf('x', keptNames(newer, older.layout.key)), keptNames(newer, beside));
  return `select y.at as y, x.at as x
            from ${numbered('y', older, changed, 'not y.gone')}
            join ${numbered('x', newer, removed, 'true')}
              on y.known is not distinct from x.known and y.number = x.number`;
}

function isAmong(columns: readonly KeptColumn[], { number }: KeptColumn): boolean {
  return columns.some((column) => column.number === number);
}

/** Where the item keeps the old values of the columns. */
function keptNames({ layout }: KeptNow, columns: readonly KeptColumn[]): string[] {
  return columns.map((column) => layout.columns.find(({ number }) => number === column.number)!.kept);
}
