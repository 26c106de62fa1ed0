/**
 * A rollup with its live tail: the rows of buckets without marks as they are kept, and those of marked buckets
 * computed from their source, in one statement and so in one snapshot. Exact at any moment, also for what was
 * committed a moment ago; it costs as much as there is to compute.
 */
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { inHistorySql } from '../history/segments.js';
import { BUCKET_WIDTHS } from './bucket-widths.js';
import { measureColumns, mergeableMeasures, type StoredColumn } from './compile.js';
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
  /** What was computed beforehand of buckets that PostgreSQL alone cannot compute. */
  readonly late?: LateRows;
  /** No bucket is dirty, as `anyDirtySql` told in the same snapshot: the rows as they are kept are all there is to read. */
  readonly isClean?: boolean;
}

/** Rows of marked buckets that are in the history, where `where` holds; of the rollup of events at the bottom. */
export interface LateRows {
  /** SQL of the beginnings of these buckets, as an array. */
  readonly buckets: string;
  /** SQL of a relation with the columns of the rollup that add up. */
  readonly rows: string;
}

/**
 * A query, in parentheses, of the rollup's rows: `bucket_start`, its dimensions, and the measures that add up.
 */
export function liveRows(rollup: Rollup, rollups: readonly Rollup[], options: LiveOptions): string {
  const { from, to, where = 'true', late, isClean = false } = options;
  const columns = ['bucket_start', ...liveColumns(rollup).map(({ name }) => quoteIdentifier(name))];
  const kept = `select ${columns.map((column) => `e.${column}`).join(', ')}
from ${qualifiedTable(rollup)} as e
where e.bucket_start >= ${from} and e.bucket_start < ${to} and (${where})`;
  if (isClean) {
    return `(\n${kept}\n)`;
  }
  const isEvents = isFromEvents(rollup);
  const name = `dirty_${rollup.name}`;
  return `(
with ${name} as materialized (
select d.bucket_start, d.bucket_start at time zone 'UTC' + interval '${BUCKET_WIDTHS[rollup.grain]}' as bucket_end
${dirtySql(rollup, rollups, from, to)}${isEvents ? `\n  and not ${lateSql(rollup, 'd.bucket_start')}` : ''}
)
${kept}
  and e.bucket_start not in (select bucket_start from ${name})${isEvents && late ? `\n  and e.bucket_start <> all (${late.buckets})` : ''}
union all
select ${columns.join(', ')}
from (
${tail(rollup, rollups, name, options)}
) as tail${isEvents && late ? `\nunion all\nselect ${columns.join(', ')}\nfrom ${late.rows} as late\nwhere bucket_start >= ${from} and bucket_start < ${to}` : ''}
)`;
}

/** Marked buckets `d`. One whose source has left stays as it is, marked or not. */
function dirtySql(rollup: Rollup, rollups: readonly Rollup[], from: string, to: string): string {
  return `from (${dirtyBucketsSql(rollups, rollup)}) as d
where d.bucket_start >= ${from} and d.bucket_start < ${to}
  and not exists (
    select from analytics.rollup_horizons as h
    where h.subject = ${quoteLiteral(rollup.source)} and d.bucket_start < h.complete_from
  )`;
}

/** A query of whether any bucket of a rollup, from $1 to $2, has to be computed from its source: `is_dirty`. */
export function anyDirtySql(rollup: Rollup, rollups: readonly Rollup[]): string {
  return `select exists (
select
${dirtySql(rollup, rollups, '$1::timestamptz', '$2::timestamptz')}
) as is_dirty`;
}

/** The columns of these rows after `bucket_start`, with their types. */
export function liveColumns(rollup: Rollup): readonly StoredColumn[] {
  return [...rollup.dimensions, ...mergeableMeasures(rollup).flatMap(measureColumns)];
}

/** Whether a bucket of a rollup of events lies, in part at least, in the history. */
function lateSql({ grain }: Rollup, start: string): string {
  return inHistorySql(
    start,
    `((${start} at time zone 'UTC' + interval '${BUCKET_WIDTHS[grain]}') at time zone 'UTC')`,
  );
}

/**
 * A query of the buckets of a rollup of events, from $1 to $2, that are marked and in the history: `bucket_start`. Their
 * rows are for `late`.
 */
export function lateBucketsSql(rollup: Rollup, rollups: readonly Rollup[]): string {
  return `select d.bucket_start
${dirtySql(rollup, rollups, '$1::timestamptz', '$2::timestamptz')}
  and ${lateSql(rollup, 'd.bucket_start')}
order by d.bucket_start`;
}

/** The rows of the marked buckets, from their source. */
function tail(
  rollup: Rollup,
  rollups: readonly Rollup[],
  dirty: string,
  { where = 'true', late }: LiveOptions,
): string {
  const isEvents = isFromEvents(rollup);
  const base = isEvents
    ? '(select * from analytics.usage_events)'
    : liveRows(rollupNamed(rollups, rollup.source)!, rollups, {
        from: `(select min(bucket_start) from ${dirty})`,
        to: `(select max(bucket_end at time zone 'UTC') from ${dirty})`,
        where,
        ...(late ? { late } : {}),
      });
  const time = isEvents ? 'event_time' : 'bucket_start';
  const from = `${dirty} as d cross join lateral (
select * from ${base} as s
where s.${time} >= d.bucket_start and s.${time} < d.bucket_end at time zone 'UTC'
)`;
  // What is computed now is shown by its own value: a cap bounds what is kept.
  return rollupQuery({ ...rollup, caps: [] }, { engine: 'postgresql', from, where });
}
