select
  i.indexrelid as oid,
  i.indrelid as relation_oid,
  c.relname as name,
  pg_get_indexdef(i.indexrelid) as definition,
  am.amname as method,
  i.indnkeyatts as key_count,
  i.indkey::int2[] as columns,
  i.indoption::int2[] as key_options,
  case when i.indexprs is not null then (
    select array_agg(case when u.number = 0 then pg_get_indexdef(i.indexrelid, u.place::int, false) end order by u.place)
    from unnest(i.indkey::int2[]) with ordinality u (number, place)
  ) end as expressions,
  case when i.indclass::oid[] && (select array_agg(oid) from pg_opclass where not opcdefault) then (
    select array_agg(case when not o.opcdefault then o.opcname::text end order by u.place)
    from unnest(i.indclass::oid[]) with ordinality u (opclass, place)
    join pg_opclass o on o.oid = u.opclass
  ) end as opclasses,
  case when not i.indcollation::oid[] <@ array[0, '"default"'::regcollation]::oid[] then (
    select array_agg(
      case when u.collation_oid <> coalesce(a.attcollation, '"default"'::regcollation) then nullif(u.collation_oid, 0)::regcollation::text end
      order by u.place
    )
    from unnest(i.indcollation::oid[]) with ordinality u (collation_oid, place)
    left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[u.place::int - 1]
  ) end as collations,
  pg_get_expr(i.indpred, i.indrelid) as predicate,
  i.indisunique as unique,
  i.indnullsnotdistinct as nulls_not_distinct,
  k.conname as constraint,
  not i.indisvalid as invalid,
  i.indisclustered as clustered,
  i.indisreplident as replica_identity,
  c.relispartition as inherited,
  c.reloptions as options,
  ts.spcname as tablespace
from pg_index i
join pg_class c on c.oid = i.indexrelid
join pg_am am on am.oid = c.relam
left join pg_tablespace ts on ts.oid = c.reltablespace
left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x')
where c.relnamespace = any($1::oid[])
order by i.indrelid, c.relname
