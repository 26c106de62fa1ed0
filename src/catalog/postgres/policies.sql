select
  p.oid,
  p.polrelid as relation_oid,
  p.polname as name,
  p.polcmd as command,
  not p.polpermissive as restrictive,
  (
    select array_agg(coalesce(r.rolname::text, 'public') order by coalesce(r.rolname, 'public'))
    from unnest(p.polroles) u (role)
    left join pg_roles r on r.oid = u.role
  ) as roles,
  pg_get_expr(p.polqual, p.polrelid) as using,
  pg_get_expr(p.polwithcheck, p.polrelid) as with_check
from pg_policy p
join pg_class c on c.oid = p.polrelid
where c.relnamespace = any($1::oid[])
order by p.polrelid, p.polname
