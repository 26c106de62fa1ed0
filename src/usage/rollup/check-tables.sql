-- The columns of the rollups' tables: $1 their names.
select
  c.relname as table_name,
  a.attname as column_name,
  format_type(a.atttypid, a.atttypmod) as type,
  not a.attnotnull as nullable
from pg_class as c
join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'analytics'::regnamespace and c.relname = any ($1::text[])
order by c.relname, a.attnum
