select
  p.partrelid as relation_oid,
  p.partstrat as strategy,
  pg_get_partkeydef(p.partrelid) as definition,
  p.partattrs::int2[] as columns
from pg_partitioned_table p
join pg_class c on c.oid = p.partrelid
where c.relnamespace = any($1::oid[])
order by p.partrelid
