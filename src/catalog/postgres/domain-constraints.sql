select
  k.oid,
  k.contypid as type_oid,
  k.conname as name,
  pg_get_constraintdef(k.oid) as definition,
  not k.convalidated as not_valid
from pg_constraint k
where k.contypid <> 0 and k.contype = 'c' and k.connamespace = any($1::oid[])
order by k.contypid, k.conname
