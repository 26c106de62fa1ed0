-- Every table, index and materialized view of a user's, with its file, before a script runs.
select
  c.oid::bigint as oid,
  n.nspname as schema,
  c.relname as name,
  c.relkind::text as kind,
  pg_relation_filenode(c.oid)::bigint as file
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.oid >= 16384 and n.nspname not like 'pg\_%'
order by c.oid
