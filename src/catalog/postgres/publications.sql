select
  p.oid,
  p.pubname as name,
  p.puballtables as all_tables,
  p.pubinsert as inserts,
  p.pubupdate as updates,
  p.pubdelete as deletes,
  p.pubtruncate as truncates,
  p.pubviaroot as via_root,
  p.pubgencols = 's' as generated_columns, -- since 18
  false as generated_columns, -- before 18
  (
    select json_agg(
      json_build_object(
        'schema', n.nspname,
        'name', c.relname,
        'columns', (
          select json_agg(a.attname order by a.attname)
          from pg_attribute a
          where a.attrelid = r.prrelid and a.attnum = any(r.prattrs::int2[])
        ),
        'where', pg_get_expr(r.prqual, r.prrelid)
      )
      order by n.nspname, c.relname
    )
    from pg_publication_rel r
    join pg_class c on c.oid = r.prrelid
    join pg_namespace n on n.oid = c.relnamespace
    where r.prpubid = p.oid
  ) as tables,
  (
    select array_agg(n.nspname::text order by n.nspname)
    from pg_publication_namespace s
    join pg_namespace n on n.oid = s.pnnspid
    where s.pnpubid = p.oid
  ) as schemas,
  pg_get_userbyid(p.pubowner) as owner
from pg_publication p
order by p.pubname
