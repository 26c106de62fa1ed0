-- How many rows of each table this session has updated or deleted and not reported yet, undone ones included.
-- What the view pg_stat_xact_user_tables says, without all else that it counts, and with the pages of large objects.
select
  c.oid::int8::float8 as oid,
  w.rows::float8 as rows
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
cross join lateral (
  select pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) as rows
) as w
where w.rows > 0
  and c.relkind = 'r'
  and c.relpersistence <> 't'
  and (
    n.nspname not in ('pg_catalog', 'information_schema', 'plinth', 'plinth_kept')
    or c.oid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass
  )
  and n.nspname !~ '^pg_toast'
