/** What the server counts of rows that were written, by which it is told whether the keeper has looked after all of them. */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import type { KeepScope } from './keep-scope.js';

let sql: string | undefined;

/** Rows by table that this session has updated or deleted, undone ones included, as far as it has not reported them. */
export async function readWritten(session: Session): Promise<ReadonlyMap<number, number>> {
  sql ??= readPackageFile('src/migrate/keep/written.sql');
  const rows = await session.query<{ oid: number; rows: number }>(sql);
  return new Map(rows.map(({ oid, rows: count }) => [oid, count]));
}

/** Rows by table that this session has inserted, counted in the same way. */
export async function readInserted(session: Session): Promise<ReadonlyMap<number, number>> {
  const rows = await session.query<{ oid: number; rows: number }>(
    `select c.oid::int8::float8 as oid, pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid)::float8 as rows
       from pg_catalog.pg_class as c
      where c.relkind = 'r' and c.relpersistence <> 't' and pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) > 0`,
  );
  return new Map(rows.map(({ oid, rows: count }) => [oid, count]));
}

export function rowsOf(written: ReadonlyMap<number, number>, oid: number): number {
  return written.get(oid) ?? 0;
}

/** Rows by table that were written beside what the keeper has looked after. */
export function unaccountedOf(
  { accounted }: KeepScope,
  written: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  return new Map([...written].map(([oid, rows]) => [oid, rows - (accounted.get(oid) ?? 0)]));
}

/** What was written until now is looked after, but for what was not before. */
export function account(
  { accounted }: KeepScope,
  written: ReadonlyMap<number, number>,
  unaccounted: ReadonlyMap<number, number>,
): void {
  for (const [oid, rows] of written) {
    accounted.set(oid, rows - (unaccounted.get(oid) ?? 0));
  }
}
