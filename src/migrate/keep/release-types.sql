-- The commands that turn columns of kept tables into text whose type or collation a statement may drop or change.
-- $1 are the names that it speaks of, as parts; null stands for all.
with recursive spoken as (
  select t.oid
    from pg_catalog.pg_type as t
    join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
   where n.nspname not in ('pg_catalog', 'information_schema', 'plinth', 'plinth_kept')
     and ($1::text[] is null or t.typname = any ($1::text[]) or n.nspname = any ($1::text[])
          or exists (
            select
              from pg_catalog.pg_depend as d
              join pg_catalog.pg_extension as e on e.oid = d.refobjid
             where d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.objid = t.oid and d.deptype = 'e'
               and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and e.extname = any ($1::text[])))
),
reached as (
  select oid from spoken
  union
  -- Arrays, domains, ranges and composite types that are made of them.
  select t.oid
    from reached as r
    join pg_catalog.pg_type as t
      on t.typelem = r.oid or t.typbasetype = r.oid
      or t.oid in (select g.rngtypid from pg_catalog.pg_range as g where g.rngsubtype = r.oid)
      or t.oid in (select g.rngmultitypid from pg_catalog.pg_range as g where g.rngtypid = r.oid)
      or t.typrelid in (
        select a.attrelid
          from pg_catalog.pg_attribute as a
         where a.atttypid = r.oid and a.attnum > 0 and not a.attisdropped)
)
select pg_catalog.format('alter table %I.%I %s', n.nspname, c.relname, pg_catalog.string_agg(
         pg_catalog.format('alter column %I type text collate pg_catalog."default" using %I::text', a.attname, a.attname), ', '))
       as command
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'plinth_kept'
  join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_collation as l on l.oid = a.attcollation
  left join pg_catalog.pg_namespace as ln on ln.oid = l.collnamespace
 where c.relkind = 'r'
   and (a.atttypid in (select oid from reached)
        or (ln.nspname <> 'pg_catalog'
            and ($1::text[] is null or l.collname = any ($1::text[]) or ln.nspname = any ($1::text[]))))
 group by n.nspname, c.relname
