select
  w.oid,
  w.fdwname as name,
  nullif(w.fdwhandler, 0)::regproc::text as handler,
  nullif(w.fdwvalidator, 0)::regproc::text as validator,
  w.fdwoptions as options,
  pg_get_userbyid(w.fdwowner) as owner
from pg_foreign_data_wrapper w
where not exists (
  select from pg_depend d where d.classid = 'pg_foreign_data_wrapper'::regclass and d.objid = w.oid and d.deptype = 'e'
)
order by w.fdwname
