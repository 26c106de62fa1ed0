-- How a day stands: its partition, whether it is attached, being detached or by itself, whether it is closed for
-- changes, and the file that counts. $1 the day, $2 the name of its partition.
select
  c.oid::regclass::text as partition,
  i.inhrelid is not null as is_attached,
  coalesce(i.inhdetachpending, false) as is_detaching,
  exists (select 1 from pg_catalog.pg_trigger as t where t.tgrelid = c.oid and t.tgname = 'usage_sealed') as is_closed,
  s.object_key,
  s.file_sha256,
  s.events,
  s.tokens,
  s.cost_nanos,
  s.row_hash,
  (select count(*) from analytics.rollup_marks as k
    where k.subject = 'usage_events'
      and k.bucket_start >= $1::date::timestamp at time zone 'UTC'
      and k.bucket_start < ($1::date + 1)::timestamp at time zone 'UTC') as marks
from (select to_regclass('analytics.' || quote_ident($2)) as oid) as named
left join pg_catalog.pg_class as c on c.oid = named.oid
left join pg_catalog.pg_inherits as i
  on i.inhrelid = c.oid and i.inhparent = 'analytics.usage_events'::regclass
left join analytics.usage_segments as s on s.day = $1::date and s.sealed_at is not null and s.replaced_at is null
