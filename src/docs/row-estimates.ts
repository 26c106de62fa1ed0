import { readPackageFile } from '../core/index.js';
import type { Session } from '../database/index.js';

/**
 * About how many rows each table has, by `schema.table`: what the last vacuum or analyze saw. Tables that neither has
 * seen are left out.
 * @throws DATABASE_STATEMENT_FAILED, DATABASE_CONNECTION_LOST
 */
export async function readRowEstimates(session: Session): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query<{ table: string; rows: number; isKnown: boolean }>(
    readPackageFile('src/docs/row-estimates.sql'),
  );
  return new Map(rows.filter(({ isKnown }) => isKnown).map(({ table, rows }) => [table, Math.round(rows)]));
}
