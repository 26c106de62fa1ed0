-- Sequences, those of identity columns included. A setting is null where it is PostgreSQL's default.
select
  c.oid,
  n.nspname as schema,
  c.relname as name,
  pg_get_userbyid(c.relowner) as owner,
  c.relpersistence = 'u' as unlogged,
  format_type(s.seqtypid, null) as type,
  nullif(s.seqstart, case when s.seqincrement > 0 then s.seqmin else s.seqmax end)::text as start,
  nullif(s.seqincrement, 1)::text as increment,
  nullif(s.seqmin, case when s.seqincrement > 0 then 1 else limits.lowest end)::text as minimum,
  nullif(s.seqmax, case when s.seqincrement > 0 then limits.highest else -1 end)::text as maximum,
  nullif(s.seqcache, 1)::text as cache,
  s.seqcycle as cycle,
  o.deptype = 'i' as of_identity,
  o.refobjid as owner_oid,
  o.refobjsubid as owner_number,
  tn.nspname as owner_schema,
  t.relname as owner_table,
  ta.attname as owner_column
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join pg_sequence s on s.seqrelid = c.oid
join (
  values
    ('smallint'::regtype, -32768::int8, 32767::int8),
    ('integer'::regtype, -2147483648::int8, 2147483647::int8),
    ('bigint'::regtype, '-9223372036854775808'::int8, 9223372036854775807)
) limits (type, lowest, highest) on limits.type = s.seqtypid
left join pg_depend o
  on o.classid = 'pg_class'::regclass and o.objid = c.oid and o.objsubid = 0
  and o.refclassid = 'pg_class'::regclass and o.refobjsubid > 0 and o.deptype in ('a', 'i')
left join pg_class t on t.oid = o.refobjid
left join pg_namespace tn on tn.oid = t.relnamespace
left join pg_attribute ta on ta.attrelid = o.refobjid and ta.attnum = o.refobjsubid
where c.relkind = 'S'
  and c.relnamespace = any($1::oid[])
  and not exists (
    select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )
order by n.nspname, c.relname
