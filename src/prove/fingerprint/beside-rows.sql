-- How far each sequence has counted, and whether each materialized view has contents, as one text. What extensions
-- brought and Plinth's own schemas are left out.
with relations as materialized (
  select c.oid, format('%s.%s', n.nspname, c.relname) as name, c.relkind as kind, c.relispopulated as populated
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('S', 'm')
    and n.nspname not in ('information_schema', 'plinth', 'plinth_kept')
    and n.nspname !~ '^pg_'
    and not exists (
      select from pg_depend d
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
    )
)
select json_build_object(
  'sequences', (
    select coalesce(
      json_object_agg(
        r.name,
        json_build_object('last', pg_sequence_last_value(r.oid)::text, 'ascends', s.seqincrement > 0)
      ),
      '{}'
    )
    from relations r
    join pg_sequence s on s.seqrelid = r.oid
    where not s.seqcycle and case r.kind when 'S' then has_sequence_privilege(r.oid, 'select, usage') end
  ),
  'views', (select coalesce(json_object_agg(r.name, r.populated), '{}') from relations r where r.kind = 'm')
)::text
