-- About how many rows each table has, its partitions included, as the planner sees it. -1 where that is not known.
with recursive members as (
  select c.oid as root, c.oid as member
    from pg_class c
   where c.relkind in ('r', 'p', 'm')
     and not c.relispartition
  union all
  select m.root, i.inhrelid
    from members m
    join pg_inherits i on i.inhparent = m.member
    join pg_class p on p.oid = i.inhrelid
   where p.relispartition
)
select n.nspname || '.' || r.relname as table,
       sum(greatest(c.reltuples, 0))::float8 as rows,
       bool_or(c.reltuples >= 0 and c.relkind <> 'p') as "isKnown"
  from members m
  join pg_class r on r.oid = m.root
  join pg_namespace n on n.oid = r.relnamespace
  join pg_class c on c.oid = m.member
 where n.nspname not in ('pg_catalog', 'information_schema')
   and n.nspname not like 'pg\_toast%'
 group by n.nspname, r.relname
 order by 1
