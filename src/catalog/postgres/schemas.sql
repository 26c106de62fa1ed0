-- Every schema that users may make objects in; the reader chooses among them.
select
  n.oid,
  n.nspname as name,
  pg_get_userbyid(n.nspowner) as owner,
  exists (
    select from pg_depend d
    where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e'
  ) as of_extension
from pg_namespace n
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname
