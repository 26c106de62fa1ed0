/** What kept data has of a migration that is being tried. */
import type { Session } from '../database/index.js';
import { keyOf, type Migration } from '../migrate/index.js';
import { displacedRows, type RowsAround } from './displaced-rows.js';
import type { RowLoss } from './proof.js';

/** Of the migration: others before it may have kept data, too. */
export async function countKeptTables(session: Session, migration: Migration): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `select count(*) filter (where kept_table is not null or kind = 'sequence')::int as count
       from plinth.kept where version = $1`,
    [keyOf(migration)],
  );
  return row!.count;
}

/**
 * The losses of tables whose rows are all in kept data, because rows written since have their keys; with their number.
 * @param direction the script that has destroyed them
 */
export async function displacedFrom(
  session: Session,
  migration: Migration,
  direction: 'up' | 'down',
  losses: readonly RowLoss[],
  around: RowsAround,
): Promise<ReadonlyMap<RowLoss, number>> {
  if (losses.length === 0) {
    return new Map();
  }
  const kept = await session.query<{ table: string; rows: number }>(
    `select schema_name || '.' || relation_name as table, sum(unplaced)::float8 as rows
       from plinth.kept where version = $1 and direction = $2 group by 1`,
    [keyOf(migration), direction],
  );
  const unplaced = new Map(kept.map((each) => [each.table, each.rows]));
  return new Map(
    losses.flatMap((loss) => {
      const rows = displacedRows(loss, around);
      return rows !== undefined && rows <= (unplaced.get(loss.table) ?? 0) ? [[loss, rows] as const] : [];
    }),
  );
}
