/**
 * Buckets of a rollup that are marked and in the history, because something came late for a day that has moved there:
 * DuckDB computes their rows from the files and what came late, and they take part in the question as parameters.
 */
import type { Session } from '../../database/index.js';
import { quoteIdentifier } from '../../sql/index.js';
import type { TimeRange } from '../grain.js';
import { openHistory, timeSql } from '../history/open-history.js';
import { dayRange, type HistoryFiles, usageSegments } from '../history/segments.js';
import { dialectOf } from '../rollup/compile.js';
import { historyQuery } from '../rollup/from-history.js';
import { type LateRows, lateBucketsSql, liveColumns } from '../rollup/live.js';
import { spansOfBuckets } from '../rollup/marks.js';
import { type Rollup, rollupNamed } from '../rollup/rollup.js';
import { type ColumnFilter, filterSql } from './filter.js';
import { literals, type Statement } from './statement.js';

export interface LateWanted {
  readonly rollups: readonly Rollup[];
  readonly range: TimeRange;
  readonly filter: ColumnFilter;
  readonly history?: HistoryFiles | undefined;
}

/**
 * Their rows, for `liveRows`, as parameters of a statement; `undefined` when there is no such bucket. In a transaction of
 * the caller as `openHistory` wants it.
 * @throws USAGE_HISTORY_UNREACHABLE when nobody says where the history is
 */
export async function lateRows(
  session: Session,
  rollup: Rollup,
  wanted: LateWanted,
  to: Statement,
): Promise<{ readonly rows: LateRows; readonly files: number } | undefined> {
  const root = rootOf(rollup, wanted.rollups);
  const buckets = await lateBuckets(session, root, wanted);
  if (buckets.length === 0) {
    return undefined;
  }
  const spans = spansOfBuckets(root.grain, buckets);
  const range = { from: spans[0]!.from, to: spans.at(-1)!.to };
  const segments = (await usageSegments(session, range)).filter(({ day }) =>
    spans.some(({ from, to }) => dayRange(day).from < to && dayRange(day).to > from),
  );
  const columns = ['bucket_start', ...liveColumns(root).map(({ name }) => quoteIdentifier(name))].join(', ');
  const inSpans = spans.map(
    ({ from, to }) => `(e.event_time >= ${timeSql(from)} and e.event_time < ${timeSql(to)})`,
  );
  const where = `(${inSpans.join(' or ')}) and ${filterSql(wanted.filter, literals)}`;
  const events = await openHistory(session, { segments, range, where, history: wanted.history });
  let rows: object[];
  try {
    const query = historyQuery({ ...root, caps: [] }, events, range, where);
    rows = await events.duckdb.query(`select ${columns} from (${query}) as r`);
  } finally {
    events.close();
  }
  const types = liveColumns(root).map(
    ({ name, type }) => `${quoteIdentifier(name)} ${dialectOf('postgresql').type(type)}`,
  );
  const json = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
  return {
    rows: {
      buckets: to.list(
        buckets.map((bucket) => bucket.toISOString()),
        'timestamptz',
      ),
      rows: `(select * from jsonb_to_recordset(${to.value(json, 'jsonb')}) as r (bucket_start timestamptz, ${types.join(', ')}))`,
    },
    files: segments.length,
  };
}

async function lateBuckets(
  session: Session,
  root: Rollup,
  { rollups, range }: LateWanted,
): Promise<readonly Date[]> {
  const rows = await session.query<{ bucket_start: Date }>(lateBucketsSql(root, rollups), [
    range.from,
    range.to,
  ]);
  return rows.map(({ bucket_start }) => bucket_start);
}

/** The rollup of events at the bottom. */
function rootOf(rollup: Rollup, rollups: readonly Rollup[]): Rollup {
  const base = rollupNamed(rollups, rollup.source);
  return base ? rootOf(base, rollups) : rollup;
}
