-- Days whose partition is to move to the history: attached and old enough, or closed for changes, which one that was
-- detached is too. $1 now, $2 from which age on days move, in days.
select to_char(to_date(right(c.relname, 8), 'YYYYMMDD'), 'YYYY-MM-DD') as day
from pg_catalog.pg_class as c
left join pg_catalog.pg_inherits as i
  on i.inhrelid = c.oid
  and i.inhparent = 'analytics.usage_events'::regclass
where c.relnamespace = 'analytics'::regnamespace
  and c.relkind = 'r'
  and c.relname ~ '^usage_events_\d{8}$'
  and (
    (
      i.inhrelid is not null
      and (to_date(right(c.relname, 8), 'YYYYMMDD') + 1)::timestamp at time zone 'UTC'
        <= $1::timestamptz - make_interval(days => $2)
    )
    or exists (
      select
      from pg_catalog.pg_trigger as t
      where t.tgrelid = c.oid
        and t.tgname = 'usage_sealed'
    )
  )
order by c.relname
