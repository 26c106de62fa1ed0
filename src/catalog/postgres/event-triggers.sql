select
  e.oid,
  e.evtname as name,
  e.evtevent as event,
  json_build_object('schema', n.nspname, 'name', p.proname) as function,
  e.evttags as tags,
  e.evtenabled as enabled,
  pg_get_userbyid(e.evtowner) as owner
from pg_event_trigger e
join pg_proc p on p.oid = e.evtfoid
join pg_namespace n on n.oid = p.pronamespace
where not exists (
  select from pg_depend d where d.classid = 'pg_event_trigger'::regclass and d.objid = e.oid and d.deptype = 'e'
)
order by e.evtname
