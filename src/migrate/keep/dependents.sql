-- The commands that drop what depends on the tables $1 and does not belong to one of them, as a cascade would.
with objects as (
  select distinct d.classid, d.objid, d.objsubid
    from pg_catalog.pg_depend as d
   where d.deptype = 'n'
     and ((d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid = any ($1::oid[]))
          or (d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass
              and d.refobjid in (
                select x.oid
                  from pg_catalog.pg_type as t
                  join pg_catalog.pg_type as x on x.oid in (t.oid, t.typarray)
                 where t.typrelid = any ($1::oid[]))))
),
commands (place, command) as (
  select 1, pg_catalog.format('drop %s if exists %I.%I cascade',
                              case v.relkind when 'm' then 'materialized view' else 'view' end, n.nspname, v.relname)
    from objects as o
    join pg_catalog.pg_rewrite as w on o.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and w.oid = o.objid
    join pg_catalog.pg_class as v on v.oid = w.ev_class
    join pg_catalog.pg_namespace as n on n.oid = v.relnamespace
   where v.relkind in ('v', 'm')
  union all
  select 2, pg_catalog.format('drop rule if exists %I on %I.%I cascade', w.rulename, n.nspname, v.relname)
    from objects as o
    join pg_catalog.pg_rewrite as w on o.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and w.oid = o.objid
    join pg_catalog.pg_class as v on v.oid = w.ev_class
    join pg_catalog.pg_namespace as n on n.oid = v.relnamespace
   where v.relkind not in ('v', 'm') and v.oid <> all ($1::oid[])
  union all
  select 3, pg_catalog.format('alter table if exists %I.%I drop constraint if exists %I cascade', n.nspname, c.relname, k.conname)
    from objects as o
    join pg_catalog.pg_constraint as k on o.classid = 'pg_catalog.pg_constraint'::pg_catalog.regclass and k.oid = o.objid
    join pg_catalog.pg_class as c on c.oid = k.conrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
   where k.conparentid = 0
  union all
  select 4, pg_catalog.format('drop policy if exists %I on %I.%I', p.polname, n.nspname, c.relname)
    from objects as o
    join pg_catalog.pg_policy as p on o.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass and p.oid = o.objid
    join pg_catalog.pg_class as c on c.oid = p.polrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
   where c.oid <> all ($1::oid[])
  union all
  select 5, pg_catalog.format('alter table if exists %I.%I drop column if exists %I cascade', n.nspname, c.relname, a.attname)
    from objects as o
    join pg_catalog.pg_class as c on o.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and c.oid = o.objid
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum = o.objsubid and o.objsubid > 0
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
   where c.oid <> all ($1::oid[])
  union all
  select 6, pg_catalog.format('alter table %I.%I alter column %I drop default', n.nspname, c.relname, a.attname)
    from objects as o
    join pg_catalog.pg_attrdef as f on o.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and f.oid = o.objid
    join pg_catalog.pg_attribute as a on a.attrelid = f.adrelid and a.attnum = f.adnum and a.attgenerated = ''
    join pg_catalog.pg_class as c on c.oid = f.adrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
   where c.oid <> all ($1::oid[])
  union all
  select 7, pg_catalog.format('drop %s if exists %s cascade', i.type, i.identity)
    from objects as o
    cross join lateral pg_catalog.pg_identify_object(o.classid, o.objid, o.objsubid) as i
   where o.classid in ('pg_catalog.pg_proc'::pg_catalog.regclass, 'pg_catalog.pg_type'::pg_catalog.regclass)
)
select command
  from commands
 order by place, command
