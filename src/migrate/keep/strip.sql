-- The commands that take everything from table $1 that binds it to others, in their order. $2 is its owner to be.
with target as (
  select c.*, c.oid::pg_catalog.regclass::text as plain,
         pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) as named
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
   where c.oid = $1
),
commands (place, command) as (
  select 1, pg_catalog.format('drop trigger %I on %s', g.tgname, t.named)
    from target as t
    join pg_catalog.pg_trigger as g on g.tgrelid = t.oid and not g.tgisinternal
  union all
  select 2, pg_catalog.format('drop rule %I on %s', w.rulename, t.named)
    from target as t
    join pg_catalog.pg_rewrite as w on w.ev_class = t.oid
  union all
  select 3, pg_catalog.format('drop policy %I on %s', p.polname, t.named)
    from target as t
    join pg_catalog.pg_policy as p on p.polrelid = t.oid
  union all
  select 4, pg_catalog.format('alter table %s disable row level security, no force row level security', t.named)
    from target as t
   where t.relrowsecurity or t.relforcerowsecurity
  union all
  select 5 + case o.contype when 'f' then 0 else 1 end,
         pg_catalog.format('alter table %s drop constraint %I', t.named, o.conname)
    from target as t
    join pg_catalog.pg_constraint as o on o.conrelid = t.oid
   where o.contype in ('f', 'c', 'u', 'p', 'x')
         -- A foreign key to a partitioned table has one more for each partition, which goes with it.
     and not exists (select from pg_catalog.pg_constraint as w where w.oid = o.conparentid and w.conrelid = o.conrelid)
  union all
  select 7, pg_catalog.format('drop index %I.%I', n.nspname, i.relname)
    from target as t
    join pg_catalog.pg_index as x on x.indrelid = t.oid
    join pg_catalog.pg_class as i on i.oid = x.indexrelid
    join pg_catalog.pg_namespace as n on n.oid = i.relnamespace
   where not exists (select from pg_catalog.pg_constraint as o where o.conindid = i.oid and o.conrelid = t.oid)
  union all
  select 8, pg_catalog.format('drop statistics %I.%I', n.nspname, s.stxname)
    from target as t
    join pg_catalog.pg_statistic_ext as s on s.stxrelid = t.oid
    join pg_catalog.pg_namespace as n on n.oid = s.stxnamespace
  union all
  select 9, pg_catalog.format('alter table %s alter column %I drop identity', t.named, a.attname)
    from target as t
    join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attidentity <> '' and not a.attisdropped
  union all
  -- A virtual generated column holds nothing, and its expression cannot be taken from it.
  select 10, pg_catalog.format(case a.attgenerated when 'v' then 'alter table %s drop column %I cascade'
                                                  else 'alter table %s alter column %I drop expression' end, t.named, a.attname)
    from target as t
    join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attgenerated <> '' and not a.attisdropped
  union all
  select 11, pg_catalog.format('alter table %s alter column %I drop default', t.named, a.attname)
    from target as t
    join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.atthasdef and a.attgenerated = '' and not a.attisdropped
  union all
  -- What a value was before a statement of the script may be null.
  select 11, pg_catalog.format('alter table %s alter column %I drop not null', t.named, a.attname)
    from target as t
    join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum > 0 and a.attnotnull and not a.attisdropped
  union all
  select 12, pg_catalog.format('alter publication %I drop table %s', p.pubname, t.named)
    from target as t
    join pg_catalog.pg_publication_rel as r on r.prrelid = t.oid
    join pg_catalog.pg_publication as p on p.oid = r.prpubid
   where pg_catalog.pg_has_role(p.pubowner, 'USAGE')
  union all
  select 13, pg_catalog.format('revoke all on table %s from %s cascade', t.named,
                               case g.grantee when 0 then 'public'
                                              else pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) end)
    from target as t
    cross join lateral (
      select x.grantee from pg_catalog.aclexplode(t.relacl) as x
      union
      select x.grantee
        from pg_catalog.pg_attribute as a
        cross join lateral pg_catalog.aclexplode(a.attacl) as x
       where a.attrelid = t.oid and not a.attisdropped) as g
   where g.grantee <> t.relowner
  union all
  select 14, pg_catalog.format('alter table %s not of', t.named)
    from target as t
   where t.reloftype <> 0
  union all
  select 15, pg_catalog.format('alter table %s owner to %I', t.named, $2::text)
    from target as t
   where pg_catalog.pg_get_userbyid(t.relowner) <> $2::text
)
select command
  from commands
 order by place, command
