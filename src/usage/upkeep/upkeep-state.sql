-- How far upkeep is: until when days are made without a gap from today on, what is marked and since when, the days that
-- should have moved to the history, and files there that were replaced and are still kept. A day that only late events
-- are in is none of them: the answers have these, and the next upkeep merges them.
-- $1 now, $2 from which age on days move, in days, or null.
with days as (
  select
    c.oid,
    (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''([^'']+)''\)'))[1]::timestamptz as starts_at,
    (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz as ends_at
  from pg_catalog.pg_inherits as i
  join pg_catalog.pg_class as c on c.oid = i.inhrelid
  where i.inhparent = 'analytics.usage_events'::regclass
),
marks as (
  select count(*) as marks, count(distinct (subject, bucket_start)) as marked_buckets, min(marked_at) as oldest
  from analytics.rollup_marks
),
replaced as (
  select count(*) as files, min(replaced_at) as oldest
  from analytics.usage_segments
  where replaced_at is not null and removed_at is null
)
select
  (
    select min(d.ends_at)
    from days as d
    where d.ends_at > $1
      and not exists (select 1 from days as n where n.starts_at = d.ends_at)
      and exists (select 1 from days as t where t.starts_at <= $1 and t.ends_at > $1)
  ) as made_until,
  exists (select 1 from days) as has_partitions,
  marks.marks,
  marks.marked_buckets,
  marks.oldest as oldest_mark_at,
  (
    select coalesce(array_agg(to_char(d.starts_at at time zone 'UTC', 'YYYY-MM-DD') order by d.starts_at), '{}')
    from days as d
    where d.ends_at <= $1 - make_interval(days => $2)
      and not exists (
        select
        from analytics.usage_segments as s
        where s.day = (d.starts_at at time zone 'UTC')::date
          and s.sealed_at is not null
          and s.replaced_at is null
      )
  ) as due_days,
  replaced.files as replaced_files,
  replaced.oldest as oldest_replaced_at
from marks
cross join replaced
