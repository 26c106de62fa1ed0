-- One line for each thing in the database that a migration can make or change, the ledger aside.
with kept as (
  select oid, nspname
    from pg_catalog.pg_namespace
   where nspname not in ('pg_catalog', 'information_schema', 'plinth')
     and nspname !~ '^pg_(toast|temp)'
),
relations as (
  select n.nspname || '.' || c.relname as name, c.*
    from pg_catalog.pg_class as c
    join kept as n on n.oid = c.relnamespace
)
select 'schema ' || nspname as line
  from kept
union all
select format('relation %s kind %s owner %s acl %s options %s', name, relkind,
              pg_catalog.pg_get_userbyid(relowner), relacl, reloptions)
  from relations
union all
select format('column %s.%s %s null %s default %s', r.name, a.attname,
              pg_catalog.format_type(a.atttypid, a.atttypmod), not a.attnotnull,
              pg_catalog.pg_get_expr(d.adbin, d.adrelid))
  from relations as r
  join pg_catalog.pg_attribute as a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_attrdef as d on d.adrelid = r.oid and d.adnum = a.attnum
union all
select format('constraint %s.%s %s valid %s', r.name, o.conname, pg_catalog.pg_get_constraintdef(o.oid),
              o.convalidated)
  from relations as r
  join pg_catalog.pg_constraint as o on o.conrelid = r.oid
union all
select format('index %s valid %s ready %s live %s', pg_catalog.pg_get_indexdef(i.indexrelid), i.indisvalid,
              i.indisready, i.indislive)
  from relations as r
  join pg_catalog.pg_index as i on i.indexrelid = r.oid
union all
select format('partition %s of %s pending %s', i.inhrelid::regclass, r.name, i.inhdetachpending)
  from relations as r
  join pg_catalog.pg_inherits as i on i.inhparent = r.oid
union all
select format('view %s %s', name, pg_catalog.pg_get_viewdef(oid))
  from relations
 where relkind in ('v', 'm')
union all
select format('function %s', pg_catalog.pg_get_functiondef(p.oid))
  from pg_catalog.pg_proc as p
  join kept as n on n.oid = p.pronamespace
 where p.prokind in ('f', 'p')
union all
select format('type %s.%s labels %s', n.nspname, t.typname,
              array(select e.enumlabel
                      from pg_catalog.pg_enum as e
                     where e.enumtypid = t.oid
                     order by e.enumsortorder))
  from pg_catalog.pg_type as t
  join kept as n on n.oid = t.typnamespace
 where t.typtype in ('e', 'd')
union all
select format('table %s has rows %s', name,
              (pg_catalog.xpath('//line/text()', pg_catalog.query_to_xml(
                format('select md5(string_agg(t::text, E''\n'' order by t::text)) as line from %s as t',
                       oid::regclass), false, true, '')))[1])
  from relations
 where relkind = 'r'
 order by line
