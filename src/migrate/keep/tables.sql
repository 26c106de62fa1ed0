-- What the keeper needs to know of the relations $1, in no order.
select
  c.oid::int8::float8 as oid,
  n.nspname as schema,
  c.relname as name,
  c.relkind as kind,
  c.relpersistence = 't' as "isTemporary",
  c.relispopulated as "isPopulated",
  c.relforcerowsecurity as "forcesRowSecurity",
  c.reltuples::float8 as "estimatedRows",
  pg_catalog.pg_get_userbyid(c.relowner) as owner,
  c.relispartition as "isPartition",
  -- A relation's system columns are described when it is made, and never again. Those that code has made have the number
  -- of a subtransaction there, and are known by a setting.
  exists (
    select
      from pg_catalog.pg_attribute as a
     where a.attrelid = c.oid and a.attnum = -6
       and a.xmin = (pg_catalog.pg_current_xact_id_if_assigned())::xid)
  or coalesce(c.oid::text = any (pg_catalog.string_to_array(pg_catalog.current_setting('plinth.made', true), ' ')), false)
    as "isNew",
  coalesce((
    select pg_catalog.json_agg(pg_catalog.json_build_object(
             'number', a.attnum,
             'name', a.attname,
             'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
             'isBuiltIn', t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
                          and (a.attcollation = 0 or l.collnamespace = 'pg_catalog'::pg_catalog.regnamespace),
             'hasCollation', a.attcollation not in (0, 100),
             'isGenerated', a.attgenerated <> '',
             'isNotNull', a.attnotnull,
             'isAlwaysIdentity', a.attidentity = 'a',
             'isInherited', a.attinhcount > 0) order by a.attnum)
      from pg_catalog.pg_attribute as a
      join pg_catalog.pg_type as t on t.oid = a.atttypid
      left join pg_catalog.pg_collation as l on l.oid = a.attcollation
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '[]') as columns,
  coalesce((
    select pg_catalog.json_agg(pg_catalog.to_json(i.indkey::int2[]) order by i.indisprimary desc, i.indnatts, i.indexrelid)
      from pg_catalog.pg_index as i
     where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate
       and i.indpred is null and i.indexprs is null and i.indnatts = i.indnkeyatts
       and not exists (
         select
           from pg_catalog.pg_attribute as a
          where a.attrelid = c.oid and a.attnum = any (i.indkey::int2[]) and not a.attnotnull)), '[]') as keys,
  coalesce((
    select pg_catalog.json_agg(pg_catalog.json_build_object('oid', h.inhrelid::int8, 'kind', k.relkind))
      from pg_catalog.pg_inherits as h
      join pg_catalog.pg_class as k on k.oid = h.inhrelid
     where h.inhparent = c.oid), '[]') as children,
  coalesce((
    select pg_catalog.json_agg(pg_catalog.json_build_object('schema', pn.nspname, 'name', p.relname, 'oid', p.oid::int8))
      from pg_catalog.pg_inherits as h
      join pg_catalog.pg_class as p on p.oid = h.inhparent
      join pg_catalog.pg_namespace as pn on pn.oid = p.relnamespace
     where h.inhrelid = c.oid), '[]') as parents,
  coalesce((
    select pg_catalog.json_agg(pg_catalog.json_build_object(
             'oid', s.oid::int8, 'schema', sn.nspname, 'name', s.relname, 'column', d.refobjsubid,
             'isIdentity', d.deptype = 'i'))
      from pg_catalog.pg_depend as d
      join pg_catalog.pg_class as s on s.oid = d.objid and s.relkind = 'S'
      join pg_catalog.pg_namespace as sn on sn.oid = s.relnamespace
     where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
       and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
       and d.refobjid = c.oid and d.refobjsubid > 0 and d.deptype in ('a', 'i')), '[]') as sequences,
  exists (
    select from pg_catalog.pg_trigger as g where g.tgrelid = c.oid and not g.tgisinternal and g.tgenabled <> 'D')
  or exists (
    select from pg_catalog.pg_rewrite as w where w.ev_class = c.oid and w.rulename <> '_RETURN') as "runsCode"
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where c.oid = any ($1::oid[])
  and n.nspname not in ('pg_catalog', 'information_schema', 'plinth', 'plinth_kept')
