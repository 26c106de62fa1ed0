-- What else the effects of a statement may depend on, in one row: names in parts of the search path only.
select
  current_schemas(false)::text[] as "searchPath",
  current_setting('TimeZone') in ('UTC', 'Etc/UTC', 'GMT') as "timeZoneIsUtc",
  (select coalesce(json_agg(p.proname), '[]') from pg_proc as p where p.provolatile = 'v') as volatile,
  (select coalesce(json_agg(p.proname), '[]') from pg_proc as p where p.provolatile <> 'v') as "notVolatile",
  (select coalesce(json_agg(json_build_object(
     'schema', n.nspname, 'name', t.typname, 'baseType', format_type(t.typbasetype, t.typtypmod),
     'hasConstraints', t.typnotnull or exists (select from pg_constraint as k where k.contypid = t.oid))), '[]')
   from pg_type as t join pg_namespace as n on n.oid = t.typnamespace
   where t.typtype = 'd' and n.nspname <> 'information_schema') as domains,
  (select coalesce(json_agg(distinct jsonb_build_object(
     'typeSchema', tn.nspname, 'type', t.typname, 'schema', n.nspname, 'name', c.relname)), '[]')
   from pg_attribute as a
   join pg_type as t on t.oid = a.atttypid
   join pg_namespace as tn on tn.oid = t.typnamespace
   join pg_class as c on c.oid = a.attrelid
   join pg_namespace as n on n.oid = c.relnamespace
   where a.attnum > 0 and c.relkind in ('r', 'm', 'p') and t.typtype in ('d', 'e', 'c', 'r')
     and tn.nspname not in ('pg_catalog', 'information_schema')) as "typeUses",
  (select coalesce(json_agg(json_build_object(
     'schema', n.nspname, 'name', s.stxname, 'tableSchema', tn.nspname, 'table', c.relname)), '[]')
   from pg_statistic_ext as s
   join pg_namespace as n on n.oid = s.stxnamespace
   join pg_class as c on c.oid = s.stxrelid
   join pg_namespace as tn on tn.oid = c.relnamespace) as statistics;
