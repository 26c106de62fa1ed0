/** Rollups held against one another: sums over the same buckets must be the same. */
import type { Session } from '../../database/index.js';
import { isAtLeastAsFine, type TimeRange, wholeBuckets } from '../grain.js';
import { levelsSql, sharedMeasures } from './reconcile-sql.js';
import type { Rollup } from './rollup.js';

/** Two rollups, whose sums over everything must be the same. */
export interface LevelReconciliation {
  readonly finer: string;
  readonly coarser: string;
  readonly buckets: number;
  readonly mismatches: readonly {
    readonly bucketStart: Date;
    readonly measure: string;
    readonly finer: string | undefined;
    readonly coarser: string | undefined;
  }[];
}

/** The finest rollup with each of the others: sums that are equal to one are equal to all. */
export function pairsOf(rollups: readonly Rollup[]): [Rollup, Rollup][] {
  const [finest, ...others] = [...rollups].sort((a, b) =>
    a.grain === b.grain ? 0 : isAtLeastAsFine(a.grain, b.grain) ? -1 : 1,
  );
  return others.filter((other) => sharedMeasures(finest!, other).length > 0).map((other) => [finest!, other]);
}

interface LevelRow {
  readonly bucket_start: Date;
  readonly measure: string | null;
  readonly finer: string | null;
  readonly coarser: string | null;
}

export async function compareLevels(
  session: Session,
  finer: Rollup,
  coarser: Rollup,
  rollups: readonly Rollup[],
  range: TimeRange,
): Promise<LevelReconciliation> {
  const sql = levelsSql(finer, coarser, rollups);
  const buckets = new Set<number>();
  const mismatches: LevelReconciliation['mismatches'][number][] = [];
  const { from, to } = wholeBuckets(coarser.grain, range);
  for (const row of await session.query<LevelRow>(sql, [from, to])) {
    buckets.add(row.bucket_start.getTime());
    if (row.measure !== null) {
      mismatches.push({
        bucketStart: row.bucket_start,
        measure: row.measure,
        finer: row.finer ?? undefined,
        coarser: row.coarser ?? undefined,
      });
    }
  }
  return { finer: finer.name, coarser: coarser.name, buckets: buckets.size, mismatches };
}
