-- The tables whose rows foreign keys delete or change when rows of $1 are deleted, or the columns $2 are updated
-- (null: rows may also be deleted).
with recursive reached as (
  select o.conrelid as oid
    from pg_catalog.pg_constraint as o
   where o.contype = 'f' and o.confrelid = any ($1::oid[])
     and ((o.confupdtype in ('c', 'n', 'd')
           and ($2::text[] is null
                or exists (
                  select
                    from pg_catalog.pg_attribute as a
                   where a.attrelid = o.confrelid and a.attnum = any (o.confkey) and a.attname = any ($2::text[]))))
          or ($2::text[] is null and o.confdeltype in ('c', 'n', 'd')))
  union
  select o.conrelid
    from reached as r
    join pg_catalog.pg_constraint as o on o.contype = 'f' and o.confrelid = r.oid
   where o.confupdtype in ('c', 'n', 'd') or o.confdeltype in ('c', 'n', 'd')
)
select oid::int8::float8 as oid
  from reached
