-- PostgreSQL 18 and newer: not-null constraints that say more than that their column refuses null.
select
  k.oid,
  k.conrelid as relation_oid,
  k.conkey[1] as number,
  case when k.conislocal and k.conname <> format('%s_%s_not_null', c.relname, a.attname) then k.conname end as name,
  k.connoinherit as no_inherit,
  not k.convalidated as not_valid
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
where k.contype = 'n' and k.connamespace = any($1::oid[])
  and (
    k.conislocal and k.conname <> format('%s_%s_not_null', c.relname, a.attname)
    or k.connoinherit
    or not k.convalidated
    or exists (select from pg_description d where d.classoid = 'pg_constraint'::regclass and d.objoid = k.oid)
  )
order by k.conrelid, k.conkey[1]
