-- The columns of tables whose type is made of one of the composite types with the relations $1, at any depth.
with recursive made_of as (
  select t.oid
    from pg_catalog.pg_type as t
   where t.typrelid = any ($1::oid[])
  union
  select part.oid
    from made_of as m
   cross join lateral (
      -- Arrays and domains, ranges, composite types.
      select t.oid from pg_catalog.pg_type as t where m.oid in (t.typelem, t.typbasetype)
      union all
      select g.rngtypid from pg_catalog.pg_range as g where g.rngsubtype = m.oid
      union all
      select c.reltype
        from pg_catalog.pg_attribute as a
        join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind = 'c'
       where a.atttypid = m.oid and a.attnum > 0 and not a.attisdropped
    ) as part (oid)
)
select c.oid::int8::float8 as oid, pg_catalog.json_agg(a.attnum) as numbers
  from made_of as m
  join pg_catalog.pg_attribute as a on a.atttypid = m.oid and a.attnum > 0 and not a.attisdropped
  join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind = 'r'
 group by c.oid
