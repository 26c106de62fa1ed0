-- Constraints of tables. Left out: not-null constraints (a property of their column), constraint triggers (they are
-- triggers), and the copies of a foreign key that PostgreSQL makes for each partition of the table it references.
select
  k.oid,
  k.conrelid as relation_oid,
  k.contype as constraint_kind,
  k.conname as name,
  pg_get_constraintdef(k.oid) as definition,
  k.condeferrable as deferrable,
  k.condeferred as initially_deferred,
  not k.convalidated as not_valid,
  not k.conenforced as not_enforced, -- since 18
  false as not_enforced, -- before 18
  k.conperiod as period, -- since 18
  false as period, -- before 18
  not k.conislocal as not_local,
  k.coninhcount > 0 or k.conparentid <> 0 as has_parent,
  k.connoinherit as no_inherit,
  k.conkey as columns,
  case when k.contype in ('p', 'u') and i.indnatts > i.indnkeyatts then
    (i.indkey::int2[])[i.indnkeyatts:i.indnatts - 1] -- an int2vector counts from 0
  end as include,
  k.contype = 'u' and i.indnullsnotdistinct as nulls_not_distinct,
  case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid) end as expression,
  k.confupdtype as on_update,
  k.confdeltype as on_delete,
  k.confdelsetcols as on_delete_columns,
  k.confmatchtype as match,
  k.confrelid as referenced_oid,
  k.confkey as referenced_columns,
  fn.nspname as referenced_schema,
  f.relname as referenced_table,
  case when f.relnamespace <> all($1::oid[]) then (
    select array_agg(a.attname::text order by u.place)
    from unnest(k.confkey) with ordinality u (number, place)
    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number
  ) end as referenced_names
from pg_constraint k
join pg_class c on c.oid = k.conrelid
left join pg_index i on i.indexrelid = k.conindid and k.contype in ('p', 'u')
left join pg_constraint parent on parent.oid = k.conparentid
left join pg_class f on f.oid = k.confrelid
left join pg_namespace fn on fn.oid = f.relnamespace
where c.relnamespace = any($1::oid[])
  and k.contype in ('p', 'u', 'f', 'c', 'x')
  and k.conrelid is distinct from parent.conrelid
order by k.conrelid, k.conname
