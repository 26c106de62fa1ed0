/** Columns of tables that are made of composite types, whose values lose what the types lose. */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';

let sql: string | undefined;

/** @returns the numbers of the columns, by table */
export async function columnsMadeOf(
  session: Session,
  types: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  if (types.length === 0) {
    return new Map();
  }
  sql ??= readPackageFile('src/migrate/keep/made-of.sql');
  const rows = await session.query<{ oid: number; numbers: readonly number[] }>(sql, [types]);
  return new Map(rows.map(({ oid, numbers }) => [oid, numbers]));
}
