select
  t.oid,
  t.tgrelid as relation_oid,
  t.tgname as name,
  pg_get_triggerdef(t.oid) as definition,
  json_build_object('schema', n.nspname, 'name', p.proname) as function,
  t.tgenabled as enabled,
  t.tgparentid <> 0 as inherited
from pg_trigger t
join pg_class c on c.oid = t.tgrelid
join pg_proc p on p.oid = t.tgfoid
join pg_namespace n on n.oid = p.pronamespace
where c.relnamespace = any($1::oid[]) and not t.tgisinternal
order by t.tgrelid, t.tgname
