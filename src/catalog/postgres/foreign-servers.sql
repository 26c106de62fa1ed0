select
  s.oid,
  s.srvname as name,
  w.fdwname as wrapper,
  s.srvtype as type,
  s.srvversion as version,
  s.srvoptions as options,
  (
    select array_agg(coalesce(nullif(u.usename::text, ''), 'public') order by u.usename)
    from pg_user_mappings u
    where u.srvid = s.oid
  ) as users,
  pg_get_userbyid(s.srvowner) as owner
from pg_foreign_server s
join pg_foreign_data_wrapper w on w.oid = s.srvfdw
where not exists (
  select from pg_depend d where d.classid = 'pg_foreign_server'::regclass and d.objid = s.oid and d.deptype = 'e'
)
order by s.srvname
