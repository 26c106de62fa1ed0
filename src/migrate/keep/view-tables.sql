-- The tables that the views $1 read, at every level: a write through a view is one of theirs.
with recursive reads as (
  select unnest($1::oid[]) as oid
  union
  select d.refobjid
    from reads as r
    join pg_catalog.pg_class as v on v.oid = r.oid and v.relkind = 'v'
    join pg_catalog.pg_rewrite as w on w.ev_class = r.oid
    join pg_catalog.pg_depend as d
      on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = w.oid
     and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
)
select r.oid::int8::float8 as oid
  from reads as r
  join pg_catalog.pg_class as c on c.oid = r.oid
 where c.relkind in ('r', 'p', 'f')
