-- Enums, composite types, domains, ranges and base types. The types that PostgreSQL makes by itself (of tables' rows,
-- arrays, multiranges) are left out, and so is what an extension brought.
select
  t.oid,
  nullif(t.typrelid, 0) as relation_oid,
  t.typtype as type_kind,
  n.nspname as schema,
  t.typname as name,
  format_type(t.oid, null) as reference,
  pg_get_userbyid(t.typowner) as owner,
  case when t.typtype = 'e' then
    (select array_agg(l.enumlabel::text order by l.enumsortorder) from pg_enum l where l.enumtypid = t.oid)
  end as labels,
  case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end as base_type,
  t.typnotnull as not_null,
  pg_get_expr(t.typdefaultbin, 0) as default,
  case when t.typtype = 'd' and t.typcollation <> b.typcollation then t.typcollation::regcollation::text end as collation,
  format_type(r.rngsubtype, null) as subtype,
  m.typname as multirange,
  case when not o.opcdefault then format('%I.%I', ons.nspname, o.opcname) end as opclass,
  case when r.rngcollation <> s.typcollation then r.rngcollation::regcollation::text end as range_collation,
  nullif(r.rngcanonical, 0)::regproc::text as canonical,
  nullif(r.rngsubdiff, 0)::regproc::text as subtype_difference,
  case when t.typtype = 'b' then t.typinput::text end as input,
  case when t.typtype = 'b' then t.typoutput::text end as output
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_class c on c.oid = t.typrelid
left join pg_type b on b.oid = t.typbasetype
left join pg_range r on r.rngtypid = t.oid
left join pg_type m on m.oid = r.rngmultitypid
left join pg_type s on s.oid = r.rngsubtype
left join pg_opclass o on o.oid = r.rngsubopc
left join pg_namespace ons on ons.oid = o.opcnamespace
where t.typnamespace = any($1::oid[])
  and (t.typtype in ('e', 'd', 'r') or c.relkind = 'c' or t.typtype = 'b' and t.typcategory <> 'A' and t.typisdefined)
  and not exists (
    select from pg_depend d where d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'
  )
order by n.nspname, t.typname
