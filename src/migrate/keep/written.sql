-- How many rows of each table this session has updated or deleted and not reported yet, undone ones included.
select
  s.relid::int8::float8 as oid,
  (s.n_tup_upd + s.n_tup_del)::float8 as rows
from pg_catalog.pg_stat_xact_user_tables as s
join pg_catalog.pg_class as c on c.oid = s.relid and c.relpersistence <> 't' and c.relkind = 'r'
where s.n_tup_upd + s.n_tup_del > 0
  and s.schemaname not in ('plinth', 'plinth_kept')
