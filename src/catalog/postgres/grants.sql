-- Privileges, as what was granted beyond those that an object is born with, and what was revoked of those. So the owner's
-- own privileges are no part of it, and an object that nobody touched has nothing here.
with subject (catalog, oid, part, object_type, owner, acl) as (
  select 'pg_class', c.oid, 0, case when c.relkind = 'S' then 's' else 'r' end::"char", c.relowner, c.relacl
  from pg_class c
  where c.relnamespace = any($1::oid[])
  union all
  select 'pg_class', a.attrelid, a.attnum, 'c', c.relowner, a.attacl
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  where a.attacl is not null and c.relnamespace = any($1::oid[])
  union all
  select 'pg_namespace', n.oid, 0, 'n', n.nspowner, n.nspacl from pg_namespace n where n.oid = any($1::oid[])
  union all
  select 'pg_proc', p.oid, 0, 'f', p.proowner, p.proacl from pg_proc p where p.pronamespace = any($1::oid[])
  union all
  select 'pg_type', t.oid, 0, 'T', t.typowner, t.typacl from pg_type t where t.typnamespace = any($1::oid[])
  union all
  select 'pg_language', l.oid, 0, 'l', l.lanowner, l.lanacl from pg_language l
  union all
  select 'pg_foreign_server', s.oid, 0, 'S', s.srvowner, s.srvacl from pg_foreign_server s
  union all
  select 'pg_foreign_data_wrapper', w.oid, 0, 'F', w.fdwowner, w.fdwacl from pg_foreign_data_wrapper w
  union all
  select 'pg_default_acl', d.oid, 0, case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole,
    d.defaclacl
  from pg_default_acl d
),
born as (
  -- Default privileges that are limited to a schema add to the others; they start from nothing.
  select
    s.*,
    case when s.catalog <> 'pg_default_acl' or d.defaclnamespace = 0 then b.acl end as birth,
    case
      when s.object_type = 'c' then 4
      else (select count(*)::int from aclexplode(b.acl) o where o.grantee = s.owner)
    end as privileges_in_all
  from subject s
  cross join acldefault(s.object_type, s.owner) b (acl)
  left join pg_default_acl d on s.catalog = 'pg_default_acl' and d.oid = s.oid
  where s.acl is not null
),
difference as (
  select b.*, 'grant' as direction, today.grantor, today.grantee, today.privilege_type, today.is_grantable
  from born b
  cross join aclexplode(b.acl) today
  where not exists (
    select from aclexplode(b.birth) first
    where first.grantee = today.grantee and first.privilege_type = today.privilege_type
  )
  union all
  select b.*, 'revoke', first.grantor, first.grantee, first.privilege_type, false
  from born b
  cross join aclexplode(b.birth) first
  where not exists (
    select from aclexplode(b.acl) today
    where first.grantee = today.grantee and first.privilege_type = today.privilege_type
  )
)
select
  d.catalog,
  d.oid,
  d.part,
  d.direction,
  case when d.grantee = 0 then 'public' else pg_get_userbyid(d.grantee) end as grantee,
  case when d.grantor <> d.owner then pg_get_userbyid(d.grantor) end as grantor,
  array_agg(lower(d.privilege_type) order by d.privilege_type collate "C") as privileges,
  array_agg(lower(d.privilege_type) order by d.privilege_type collate "C") filter (where d.is_grantable) as grantable,
  d.privileges_in_all
from difference d
group by d.catalog, d.oid, d.part, d.direction, d.grantee, d.grantor, d.owner, d.privileges_in_all
order by d.catalog, d.oid, d.part, d.direction, grantee, grantor
