-- Tables of every kind, views and materialized views.
select
  c.oid,
  c.relkind as relation_kind,
  n.nspname as schema,
  c.relname as name,
  pg_get_userbyid(c.relowner) as owner,
  c.relpersistence = 'u' as unlogged,
  nullif(am.amname, 'heap') as access_method,
  ts.spcname as tablespace,
  c.reloptions as options,
  toast.reloptions as toast_options,
  c.relrowsecurity as row_security,
  c.relforcerowsecurity as force_row_security,
  case when c.relkind in ('r', 'p') then c.relreplident else 'd' end as replica_identity,
  case when c.reloftype <> 0 then format_type(c.reloftype, null) end as of_type,
  parents.names as parents,
  pg_get_expr(c.relpartbound, c.oid) as bound,
  s.srvname as server,
  f.ftoptions as foreign_options,
  case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as definition
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_am am on am.oid = c.relam
left join pg_tablespace ts on ts.oid = c.reltablespace
left join pg_class toast on toast.oid = c.reltoastrelid
left join pg_foreign_table f on f.ftrelid = c.oid
left join pg_foreign_server s on s.oid = f.ftserver
left join (
  select i.inhrelid, json_agg(json_build_object('schema', pn.nspname, 'name', pc.relname) order by i.inhseqno) as names
  from pg_inherits i
  join pg_class pc on pc.oid = i.inhparent
  join pg_namespace pn on pn.oid = pc.relnamespace
  where pc.relkind in ('r', 'p', 'f')
  group by i.inhrelid
) parents on parents.inhrelid = c.oid
where c.relnamespace = any($1::oid[])
  and c.relkind in ('r', 'p', 'f', 'v', 'm')
  and not exists (
    select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )
order by n.nspname, c.relname
