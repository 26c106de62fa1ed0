-- Every relation that holds data, or that data is made of, with its columns, its file and a sequence's position: two of these tell what a
-- statement took away.
select
  c.oid::int8::float8 as oid,
  c.relkind as kind,
  c.relfilenode::int8::float8 as file,
  coalesce((
    select pg_catalog.json_object_agg(a.attnum, a.atttypid::text || ' ' || a.atttypmod)
      from pg_catalog.pg_attribute as a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '{}') as columns,
  -- To ask without the right to see it is an error.
  case when pg_catalog.has_sequence_privilege(s.seqrelid, 'usage, select')
    then pg_catalog.pg_sequence_last_value(s.seqrelid)::text end as position,
  s.seqincrement < 0 as descends
from pg_catalog.pg_class as c
left join pg_catalog.pg_sequence as s on s.seqrelid = c.oid
where c.relkind in ('r', 'p', 'm', 'S', 'f', 'c')
  and c.relpersistence <> 't'
  and c.relnamespace not in (
    select n.oid
      from pg_catalog.pg_namespace as n
     where n.nspname in ('pg_catalog', 'information_schema', 'plinth', 'plinth_kept', 'pg_toast'))
