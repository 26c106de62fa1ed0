-- Comments on everything that initdb did not make. That of schema public is as old as the database, unless changed.
select c.relname as catalog, d.objoid as oid, d.objsubid as part, d.description as comment
from pg_description d
join pg_class c on c.oid = d.classoid
where d.objoid >= 16384
  or d.classoid = 'pg_namespace'::regclass and d.objoid = any($1::oid[]) and d.description <> 'standard public schema'
