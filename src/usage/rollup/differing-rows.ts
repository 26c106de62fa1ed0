/** The rows of buckets that differ, measure by measure. */
import type { Session } from '../../database/index.js';
import { nextBucket, type TimeRange } from '../grain.js';
import { type HistoryFiles, usageSegments } from '../history/segments.js';
import { rollupColumns } from './compile.js';
import { copyRows, historyQuery, withHistory } from './from-history.js';
import { differencesSql } from './reconcile-sql.js';
import { isFromEvents, type Rollup } from './rollup.js';
import { qualifiedTable } from './table-sql.js';

/** A measure of a row that differs; `undefined` where that side has no such row. Lists are written as `{1,2}`. */
export interface RollupDifference {
  readonly rollup: string;
  readonly bucketStart: Date;
  readonly dimensions: Readonly<Record<string, string | number | boolean | null>>;
  /** A column of the rollup. */
  readonly measure: string;
  readonly source: string | undefined;
  readonly rollupValue: string | undefined;
}

interface DifferenceRow {
  readonly bucket_start: Date;
  readonly dimensions: RollupDifference['dimensions'];
  readonly measure: string;
  readonly source: string | null;
  readonly rollup: string | null;
}

interface Differing {
  readonly buckets: readonly Date[];
  readonly limit: number;
  readonly history: HistoryFiles | undefined;
}

export async function differencesOf(
  session: Session,
  rollup: Rollup,
  { buckets, limit, history }: Differing,
): Promise<RollupDifference[]> {
  const found: RollupDifference[] = [];
  for (const from of buckets) {
    if (found.length >= limit) {
      break;
    }
    const span = { from, to: nextBucket(rollup.grain, from) };
    const rows = await differingRows(session, rollup, span, { limit: limit - found.length, history });
    found.push(
      ...rows.map((row) => ({
        rollup: rollup.name,
        bucketStart: row.bucket_start,
        dimensions: row.dimensions,
        measure: row.measure,
        source: row.source ?? undefined,
        rollupValue: row.rollup ?? undefined,
      })),
    );
  }
  return found;
}

async function differingRows(
  session: Session,
  rollup: Rollup,
  span: TimeRange,
  { limit, history }: Omit<Differing, 'buckets'>,
): Promise<DifferenceRow[]> {
  const ask = (expectedTable?: string): Promise<DifferenceRow[]> =>
    session.query<DifferenceRow>(differencesSql(rollup, expectedTable), [span.from, span.to, limit]);
  if (!isFromEvents(rollup) || (await usageSegments(session, span)).length === 0) {
    return ask();
  }
  return withHistory(session, span, history, async (events) => {
    await session.run(
      `create temp table expected_rollup_rows (like ${qualifiedTable(rollup)} including defaults) on commit drop`,
    );
    await copyRows(session, events, {
      query: historyQuery(rollup, events, span),
      table: 'pg_temp.expected_rollup_rows',
      columns: rollupColumns(rollup),
    });
    const rows = await ask('pg_temp.expected_rollup_rows');
    await session.run('drop table pg_temp.expected_rollup_rows');
    return rows;
  });
}
