select
  d.oid,
  pg_get_userbyid(d.defaclrole) as role,
  n.nspname as schema,
  d.defaclobjtype as object_type
from pg_default_acl d
left join pg_namespace n on n.oid = d.defaclnamespace
where d.defaclnamespace = 0 or d.defaclnamespace = any($1::oid[])
order by role, schema nulls first, object_type
