-- Columns of tables and views, attributes of composite types.
select
  a.attrelid as relation_oid,
  a.attnum as number,
  a.attname as name,
  format_type(a.atttypid, a.atttypmod) as type,
  a.attnotnull as not_null,
  pg_get_expr(d.adbin, d.adrelid) as expression,
  nullif(a.attidentity, '') as identity,
  nullif(a.attgenerated, '') as generated,
  case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end as collation,
  case when a.attstorage <> t.typstorage then a.attstorage end as storage,
  nullif(a.attcompression, '') as compression,
  nullif(a.attstattarget, -1) as statistics_target,
  a.attoptions as options,
  a.attfdwoptions as foreign_options,
  not a.attislocal as inherited
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where c.relnamespace = any($1::oid[])
  and c.relkind in ('r', 'p', 'f', 'v', 'm', 'c')
  and a.attnum > 0
  and not a.attisdropped
order by a.attrelid, a.attnum
