-- Of the buckets $2 of a subject $1: those that nobody else recomputes now, with their lock until the end of the
-- transaction, whether they can still be computed, and whether their events are, in part at least, in the history. The first statement of its transaction: takes the snapshot.
-- The lock saves work, it is not what keeps rollups exact: of two who recompute one bucket the second fails when
-- it deletes a mark that the first has deleted.
-- $3 the sources that they are computed from; $4 the width of a bucket where events are one, else null.
select
  claimed.bucket_start,
  not exists (
    select
    from analytics.rollup_horizons as horizon
    where horizon.subject = any ($3::text[]) and claimed.bucket_start < horizon.complete_from
  ) as has_source,
  exists (
    select
    from analytics.usage_segments as segment
    where segment.sealed_at is not null
      and segment.replaced_at is null
      and segment.day + 1 > claimed.bucket_start at time zone 'UTC'
      and segment.day < claimed.bucket_start at time zone 'UTC' + $4::interval
  ) as in_history
from unnest($2::timestamptz[]) as claimed (bucket_start)
where pg_try_advisory_xact_lock(
  hashtextextended('plinth.rollup/' || $1 || '/' || extract(epoch from claimed.bucket_start)::text, 0)
)
order by claimed.bucket_start
