/** The queries of reconciliation, for one rollup. $1 the beginning, $2 the end of whole buckets. */
import { quoteIdentifier, quoteLiteral } from '../../sql/index.js';
import { inHistorySql } from '../history/segments.js';
import { BUCKET_WIDTHS } from './bucket-widths.js';
import { type CompileOptions, dialectOf, measureColumns, rollupColumns } from './compile.js';
import { conditionSql } from './condition.js';
import { digestQuery, sumColumn, summedMeasures } from './digest.js';
import { dirtyBucketsSql } from './dirty.js';
import { postgresDialect } from './postgres-dialect.js';
import { isFromEvents, isSameMeasure, type Rollup, type StoredMeasure, storedMeasures } from './rollup.js';
import { rollupQuery } from './rollup-query.js';
import { qualifiedTable } from './table-sql.js';

/** The rows as the source gives them now, or as a table has them, and as the rollup has them. */
function bothSides(rollup: Rollup, expectedTable?: string): string {
  const columns = rollupColumns(rollup).join(', ');
  const isEvents = isFromEvents(rollup);
  const time = isEvents ? 'e.event_time' : 'e.bucket_start';
  const computed = rollupQuery(rollup, {
    engine: 'postgresql',
    from: isEvents ? 'analytics.usage_events' : qualifiedTable({ name: rollup.source }),
    where: `${time} >= $1::timestamptz and ${time} < $2::timestamptz`,
  });
  return `expected as (
${expectedTable === undefined ? computed : `select ${columns} from ${expectedTable}`}
),
actual as (
select ${columns}
from ${qualifiedTable(rollup)}
where bucket_start >= $1::timestamptz and bucket_start < $2::timestamptz
)`;
}

/**
 * A row a bucket that has anything on either side: its digests, the plain sums of its events where it sums events,
 * whether it is marked, whether its source or its own rows have left, and whether some of its events are in the history.
 */
export function bucketsSql(rollup: Rollup, rollups: readonly Rollup[]): string {
  const plain = isFromEvents(rollup)
    ? plainSums(rollup, { engine: 'postgresql', from: 'analytics.usage_events', where: SPAN })
    : undefined;
  return `with ${bothSides(rollup)},
expected_digest as (
${digestQuery(rollup, 'postgresql', 'expected')}
),
actual_digest as (
${digestQuery(rollup, 'postgresql', 'actual')}
)${plain ? `,\nplain as (\n${plain}\n)` : ''}
select
  bucket_start,
  to_jsonb(expected_digest) - 'bucket_start' as source,
  to_jsonb(actual_digest) - 'bucket_start' as rollup,
  ${plain ? "to_jsonb(plain) - 'bucket_start'" : 'null::jsonb'} as plain,
  ${statesOf(rollup, rollups)}
from expected_digest
full join actual_digest using (bucket_start)
${plain ? 'full join plain using (bucket_start)\n' : ''}order by bucket_start`;
}

/** A query of the time from $1 on at which a rollup, its source or the history may have something: `next`, or null. */
export function nextUsedSql(rollup: Rollup): string {
  const first = (table: string): string => `select min(bucket_start) from ${table} where bucket_start >= $1`;
  const source = isFromEvents(rollup)
    ? `select min(greatest(bound[1]::timestamptz, $1))
from pg_catalog.pg_inherits as i
join pg_catalog.pg_class as c on c.oid = i.inhrelid
cross join lateral regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''([^'']+)''\\) TO \\(''([^'']+)''\\)') as bound
where i.inhparent = 'analytics.usage_events'::regclass and bound[2]::timestamptz > $1
union all
select min(greatest(day::timestamp at time zone 'UTC', $1)) from analytics.usage_segments
where (day + 1)::timestamp at time zone 'UTC' > $1`
    : first(qualifiedTable({ name: rollup.source }));
  return `select min(at) as next from (
${first(qualifiedTable(rollup))}
union all
${source}
) as used (at)`;
}

const SPAN = 'e.event_time >= $1::timestamptz and e.event_time < $2::timestamptz';

function statesOf(rollup: Rollup, rollups: readonly Rollup[]): string {
  const end = `((bucket_start at time zone 'UTC' + interval '${BUCKET_WIDTHS[rollup.grain]}') at time zone 'UTC')`;
  return `bucket_start in (${dirtyBucketsSql(rollups, rollup)}) as is_pending,
  exists (
    select from analytics.rollup_horizons as h
    where h.subject in (${quoteLiteral(rollup.source)}, ${quoteLiteral(rollup.name)}) and bucket_start < h.complete_from
  ) as has_lost_source,
  ${isFromEvents(rollup) ? inHistorySql('bucket_start', end) : 'false'} as in_history`;
}

/** The same of buckets whose beginnings are given as $1, whether there is anything in them or not. */
export function bucketStatesSql(rollup: Rollup, rollups: readonly Rollup[]): string {
  return `select bucket_start, null as source, null as rollup, null as plain,
  ${statesOf(rollup, rollups)}
from unnest($1::timestamptz[]) as bucket (bucket_start)`;
}

/**
 * The sums of the events of each bucket, without the rollup's own grouping and without its dimensions: other SQL
 * than the rollup's, on purpose.
 */
export function plainSums(rollup: Rollup, { engine, from, where = 'true' }: CompileOptions): string {
  const sums = summedMeasures(rollup).map(
    (measure) => `(${plainSum(measure)})::text as ${quoteIdentifier(sumColumn(measure.name))}`,
  );
  return `select ${dialectOf(engine).bucketStart(rollup.grain, 'event_time')} as bucket_start,
  ${sums.join(',\n  ')}
from ${from} as e
where ${where}
group by 1`;
}

function plainSum(measure: StoredMeasure): string {
  if (measure.kind === 'count') {
    return measure.where ? `sum(case when ${conditionSql(measure.where)} then 1 else 0 end)` : 'sum(1)';
  }
  return measure.kind === 'sum' || measure.kind === 'cost' ? `sum(coalesce(${measure.column}, 0))` : '0';
}

/**
 * Every measure that differs, of the rows of the span, as text; $3 how many to show.
 * @param expectedTable holds the rows as the source gives them, where PostgreSQL cannot compute them
 */
export function differencesSql(rollup: Rollup, expectedTable?: string): string {
  const dimensions = rollup.dimensions.map(({ name }) => quoteIdentifier(name));
  const columns = storedMeasures(rollup).flatMap((measure) =>
    measureColumns(measure).map(({ name }) => name),
  );
  const side = (name: string, of: 'source' | 'rollup'): string =>
    `max(${quoteIdentifier(name)}) filter (where side = '${of}') as ${quoteIdentifier(`${of}_${name}`)}`;
  const both = columns.flatMap((name) => [side(name, 'source'), side(name, 'rollup')]);
  const pairs = columns.map(
    (name) =>
      `(${quoteLiteral(name)}, ${quoteIdentifier(`source_${name}`)}::text, ${quoteIdentifier(`rollup_${name}`)}::text)`,
  );
  const object = rollup.dimensions
    .map(({ name }) => `${quoteLiteral(name)}, ${quoteIdentifier(name)}`)
    .join(', ');
  const keys = ['bucket_start', ...dimensions].join(', ');
  return `with ${bothSides(rollup, expectedTable)},
sides as (
select 'source' as side, * from expected
union all
select 'rollup' as side, * from actual
),
rows as (
select ${keys},
  ${both.join(',\n  ')}
from sides
group by ${keys}
)
select bucket_start, jsonb_build_object(${object}) as dimensions, m.measure, m.source, m.rollup
from rows
cross join lateral (
  values ${pairs.join(',\n    ')}
) as m (measure, source, rollup)
where m.source is distinct from m.rollup
order by ${keys}, m.measure
limit $3`;
}

/** Measures that two rollups share, of which each is the sum of its rows. */
export function sharedMeasures(one: Rollup, other: Rollup): readonly string[] {
  const others = summedMeasures(other);
  return summedMeasures(one)
    .filter((measure) => others.some((another) => isSameMeasure(measure, another)))
    .map(({ name }) => name);
}

/**
 * Where the sums of two rollups over all their dimensions are not the same, by buckets of the coarser one: $1 and $2
 * span whole ones. Buckets that are marked, or that one of the two no longer keeps whole, are left out.
 */
export function levelsSql(finer: Rollup, coarser: Rollup, rollups: readonly Rollup[]): string {
  const measures = sharedMeasures(finer, coarser);
  const sums = (
    rollup: Rollup,
  ): string => `select ${postgresDialect.bucketStart(coarser.grain, 'bucket_start')} as bucket_start,
  ${measures.map((name) => `sum(${quoteIdentifier(name)}) as ${quoteIdentifier(name)}`).join(', ')}
from ${qualifiedTable(rollup)}
where bucket_start >= $1::timestamptz and bucket_start < $2::timestamptz
group by 1`;
  const dirty = (rollup: Rollup): string =>
    `select ${postgresDialect.bucketStart(coarser.grain, 'd.bucket_start')} from (${dirtyBucketsSql(rollups, rollup)}) as d`;
  const pairs = measures.map(
    (name) => `(${quoteLiteral(name)}, f.${quoteIdentifier(name)}::text, c.${quoteIdentifier(name)}::text)`,
  );
  return `with finer as (
${sums(finer)}
),
coarser as (
${sums(coarser)}
),
compared as (
select bucket_start from finer
union
select bucket_start from coarser
except
select * from (${dirty(finer)} union all ${dirty(coarser)}) as marked
)
select bucket_start, m.measure, m.finer, m.coarser
from compared
left join finer as f using (bucket_start)
left join coarser as c using (bucket_start)
left join lateral (
  values ${pairs.join(',\n    ')}
) as m (measure, finer, coarser) on m.finer is distinct from m.coarser
where not exists (
  select from analytics.rollup_horizons as h
  where h.subject in (${quoteLiteral(finer.name)}, ${quoteLiteral(coarser.name)}) and bucket_start < h.complete_from
)
order by bucket_start, m.measure`;
}
