select
  s.oid,
  s.stxrelid as relation_oid,
  n.nspname as schema,
  s.stxname as name,
  pg_get_statisticsobjdef(s.oid) as definition,
  s.stxkeys::int2[] as columns,
  pg_get_statisticsobjdef_expressions(s.oid) as expressions,
  s.stxkind::text[] as kinds,
  nullif(s.stxstattarget, -1) as target,
  pg_get_userbyid(s.stxowner) as owner
from pg_statistic_ext s
join pg_class c on c.oid = s.stxrelid
join pg_namespace n on n.oid = s.stxnamespace
where c.relnamespace = any($1::oid[])
order by s.stxrelid, n.nspname, s.stxname
