/**
 * A rollup with its live tail: the rows of buckets without marks as they are kept, and those of marked buckets
 * computed from their source, in one statement and so in one snapshot. Exact at any moment, also for what was
 * committed a moment ago; it costs as much as there is to compute.
 */
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import type { Grain } from '../grain.js';
import { measureColumns, mergeableMeasures } from './compile.js';
import { dirtyBucketsSql } from './dirty.js';
import { isFromEvents, type Rollup, rollupNamed } from './rollup.js';
import { rollupQuery } from './rollup-query.js';
import { qualifiedTable } from './table-sql.js';

export interface LiveOptions {
  /** SQL of the beginning and the end of whole buckets of the rollup, such as `$1::timestamptz`. */
  readonly from: string;
  readonly to: string;
  /** A condition on the rollup's dimensions, as columns of `e`. */
  readonly where?: string;
}

const WIDTH: Readonly<Record<Grain, string>> = {
  minute: '1 minute',
  'quarter-hour': '15 minutes',
  hour: '1 hour',
  day: '1 day',
  month: '1 month',
};

/**
 * A query, in parentheses, of the rollup's rows: `bucket_start`, its dimensions, and the measures that add up.
 */
export function liveRows(rollup: Rollup, rollups: readonly Rollup[], options: LiveOptions): string {
  const { from, to, where = 'true' } = options;
  const columns = [
    'bucket_start',
    ...rollup.dimensions.map(({ name }) => name),
    ...mergeableMeasures(rollup).flatMap((measure) => measureColumns(measure).map(({ name }) => name)),
  ].map(quoteIdentifier);
  // A bucket whose source has left stays as it is, marked or not.
  const dirty = `select d.bucket_start, d.bucket_start at time zone 'UTC' + interval '${WIDTH[rollup.grain]}' as bucket_end
from (${dirtyBucketsSql(rollups, rollup)}) as d
where d.bucket_start >= ${from} and d.bucket_start < ${to}
  and not exists (
    select from analytics.rollup_horizons as h
    where h.subject = ${quoteLiteral(rollup.source)} and d.bucket_start < h.complete_from
  )`;
  const name = `dirty_${rollup.name}`;
  return `(
with ${name} as materialized (
${dirty}
)
select ${columns.map((column) => `e.${column}`).join(', ')}
from ${qualifiedTable(rollup)} as e
where e.bucket_start >= ${from} and e.bucket_start < ${to} and (${where})
  and e.bucket_start not in (select bucket_start from ${name})
union all
select ${columns.join(', ')}
from (
${tail(rollup, rollups, name, where)}
) as tail
)`;
}

/** The rows of the marked buckets, from their source. */
function tail(rollup: Rollup, rollups: readonly Rollup[], dirty: string, where: string): string {
  const isEvents = isFromEvents(rollup);
  const base = isEvents
    ? '(select * from analytics.usage_events)'
    : liveRows(rollupNamed(rollups, rollup.source)!, rollups, {
        from: `(select min(bucket_start) from ${dirty})`,
        to: `(select max(bucket_end at time zone 'UTC') from ${dirty})`,
        where,
      });
  const time = isEvents ? 'event_time' : 'bucket_start';
  const from = `${dirty} as d cross join lateral (
select * from ${base} as s
where s.${time} >= d.bucket_start and s.${time} < d.bucket_end at time zone 'UTC'
)`;
  // What is computed now is shown by its own value: a cap bounds what is kept.
  return rollupQuery({ ...rollup, caps: [] }, { engine: 'postgresql', from, where });
}
