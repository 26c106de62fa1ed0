-- The commands that turn columns of kept tables into text whose type or collation a statement may drop or change.
-- $1 are the names that it speaks of, as parts; null stands for all.
-- It goes from the few columns that are kept to what their types are made of, by the keys of the catalogue.
with recursive kept as (
  select c.relname, a.attname, a.atttypid, a.attcollation
    from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   where c.relnamespace = pg_catalog.to_regnamespace('plinth_kept')
     and c.relkind = 'r'
),
made_of as (
  select atttypid, atttypid as oid from kept
  union
  select m.atttypid, part.oid
    from made_of as m
    join pg_catalog.pg_type as t on t.oid = m.oid
   cross join lateral (
      -- Arrays, domains, ranges and multiranges, composite types.
      select t.typelem
      union all
      select t.typbasetype
      union all
      select g.rngsubtype from pg_catalog.pg_range as g where g.rngtypid = t.oid
      union all
      select g.rngtypid from pg_catalog.pg_range as g where g.rngmultitypid = t.oid
      union all
      select a.atttypid
        from pg_catalog.pg_attribute as a
       where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    ) as part (oid)
   where part.oid <> 0
),
spoken as (
  select m.atttypid
    from made_of as m
    join pg_catalog.pg_type as t on t.oid = m.oid
    join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
   where n.nspname not in ('pg_catalog', 'information_schema', 'plinth', 'plinth_kept')
     and ($1::text[] is null or t.typname = any ($1::text[]) or n.nspname = any ($1::text[])
          or exists (
            select
              from pg_catalog.pg_depend as d
              join pg_catalog.pg_extension as e on e.oid = d.refobjid
             where d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass and d.objid = t.oid and d.deptype = 'e'
               and d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass and e.extname = any ($1::text[])))
)
select pg_catalog.format('alter table plinth_kept.%I %s', k.relname, pg_catalog.string_agg(
         pg_catalog.format('alter column %I type text collate pg_catalog."default" using %I::text', k.attname, k.attname), ', '))
       as command
  from kept as k
  left join pg_catalog.pg_collation as l on l.oid = k.attcollation
  left join pg_catalog.pg_namespace as ln on ln.oid = l.collnamespace
 where k.atttypid in (select s.atttypid from spoken as s)
    or (ln.nspname <> 'pg_catalog'
        and ($1::text[] is null or l.collname = any ($1::text[]) or ln.nspname = any ($1::text[])))
 group by k.relname
