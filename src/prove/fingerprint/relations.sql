-- What holds data: tables (a partitioned one for its partitions), materialized views, sequences. What extensions
-- brought and Plinth's own schemas are left out. A table's key is its primary key, or else the first unique index
-- over columns that are never null. Columns that are computed when they are read hold no data.
select
  c.oid::int8::float8 as oid,
  n.nspname as schema,
  c.relname as name,
  case c.relkind when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end as kind,
  c.relkind = 'p' as partitioned,
  c.relkind <> 'm' or c.relispopulated as populated,
  array(
    select a.attname::text
    from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated <> 'v'
    order by a.attname collate "C"
  ) as columns,
  (
    select array(
      select a.attname::text
      from unnest((i.indkey::int2[])[0:i.indnkeyatts - 1]) with ordinality k (number, place)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
      order by k.place
    )
    from pg_index i
    where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
      and not exists (
        select from pg_attribute a
        where a.attrelid = c.oid and a.attnum = any (i.indkey) and not a.attnotnull
      )
    order by i.indisprimary desc, i.indnkeyatts, i.indexrelid
    limit 1
  ) as key
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'm', 'S')
  and not c.relispartition
  and n.nspname not in ('information_schema', 'plinth', 'plinth_kept')
  and n.nspname !~ '^pg_'
  and not exists (
    select from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )
order by n.nspname collate "C", c.relname collate "C"
