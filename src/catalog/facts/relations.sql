-- Everything about relations that the effects of a statement may depend on, one row per relation. What other relations
-- say of one is gathered once and joined: the catalogue has no index for most of it.
with recursive mine as materialized (
  select c.oid, c.relkind, c.relname, n.nspname, c.reltuples
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname not in ('information_schema', 'plinth', 'plinth_kept')
    and n.nspname !~ '^pg_'
    and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I')
),
named as not materialized (
  select c.oid, json_build_object('schema', n.nspname, 'name', c.relname) as name
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
),
below as (
  select inhparent as top, inhrelid as relation from pg_inherits
  union all
  select b.top, i.inhrelid from below as b join pg_inherits as i on i.inhparent = b.relation
),
direct as (
  select distinct r.ev_class as view, d.refobjid as relation
  from pg_rewrite as r
  join pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
  where d.refclassid = 'pg_class'::regclass and d.refobjid <> r.ev_class and r.rulename = '_RETURN'
),
reads as (
  select view, relation from direct
  union
  select r.view, d.relation from reads as r join direct as d on d.view = r.relation
),
owned_sequences as (
  select distinct on (d.refobjid, d.refobjsubid) d.refobjid as relation, d.refobjsubid as column, s.oid as sequence
  from pg_class as s
  join pg_depend as d on d.objid = s.oid
  where s.relkind = 'S' and d.refobjsubid > 0 and d.deptype in ('a', 'i')
    and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
  order by d.refobjid, d.refobjsubid, s.oid
),
columns as (
  select a.attrelid as relation, json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'isNotNull', a.attnotnull and not exists (
      select from pg_constraint as k
      where k.conrelid = a.attrelid and k.contype = 'n' and a.attnum = any (k.conkey) and not k.convalidated),
    'sequence', t.name,
    'generated', case a.attgenerated when 's' then 'stored' when 'v' then 'virtual' end) order by a.attnum) as facts
  from mine as m
  join pg_attribute as a on a.attrelid = m.oid and a.attnum > 0 and not a.attisdropped
  left join owned_sequences as s on s.relation = a.attrelid and s.column = a.attnum
  left join named as t on t.oid = s.sequence
  where m.relkind not in ('S', 'i', 'I')
  group by a.attrelid
),
constraints as (
  select k.conrelid as relation, json_agg(json_build_object(
    'name', k.conname,
    'kind', case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key'
      when 'c' then 'check' when 'x' then 'exclusion' else 'not null' end,
    'columns', (select coalesce(json_agg(a.attname), '[]') from pg_attribute as a
                where a.attrelid = k.conrelid and a.attnum = any (k.conkey)),
    'isValidated', k.convalidated,
    'references', t.name,
    'condition', pg_get_expr(k.conbin, k.conrelid)) order by k.conname) as facts
  from mine as m
  join pg_constraint as k on k.conrelid = m.oid and k.conparentid = 0
  left join named as t on t.oid = k.confrelid
  group by k.conrelid
),
referrers as (
  select k.confrelid as relation, json_agg(json_build_object(
    'relation', t.name,
    'columns', (select json_agg(a.attname) from pg_attribute as a
                where a.attrelid = k.conrelid and a.attnum = any (k.conkey)),
    'onDelete', case k.confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
      when 'n' then 'set null' else 'set default' end,
    'onUpdate', case k.confupdtype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
      when 'n' then 'set null' else 'set default' end)) as facts
  from pg_constraint as k join named as t on t.oid = k.conrelid
  where k.contype = 'f' and k.conparentid = 0
  group by k.confrelid
)
select
  m.nspname as schema,
  m.relname as name,
  case m.relkind
    when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view'
    when 'f' then 'foreign table' when 'S' then 'sequence' else 'index'
  end as kind,
  (select t.name from pg_index as i join named as t on t.oid = i.indrelid where i.indexrelid = m.oid
   union all
   select t.name from pg_depend as d join named as t on t.oid = d.refobjid
   where m.relkind = 'S' and d.objid = m.oid and d.deptype in ('a', 'i') and d.refclassid = 'pg_class'::regclass
     and d.classid = 'pg_class'::regclass
   limit 1) as "table",
  columns.facts as columns,
  constraints.facts as constraints,
  referrers.facts as "referencedBy",
  (select json_agg(t.name) from below as b join named as t on t.oid = b.relation where b.top = m.oid) as descendants,
  (select json_agg(t.name) from pg_inherits as i join named as t on t.oid = i.inhparent where i.inhrelid = m.oid) as parents,
  (select t.name from pg_partitioned_table as p join named as t on t.oid = p.partdefid where p.partrelid = m.oid) as "defaultPartition",
  read.names as reads,
  dependents.names as dependents,
  m.reltuples::float8 as rows,
  case when m.relkind in ('r', 'm', 'i') then pg_table_size(m.oid) else 0 end::float8 as bytes
from mine as m
left join columns on columns.relation = m.oid
left join constraints on constraints.relation = m.oid
left join referrers on referrers.relation = m.oid
left join (select r.view, json_agg(t.name) as names from reads as r join named as t on t.oid = r.relation group by r.view)
  as read on read.view = m.oid
left join (select r.relation, json_agg(t.name) as names from reads as r join named as t on t.oid = r.view group by r.relation)
  as dependents on dependents.relation = m.oid
order by m.nspname collate "C", m.relname collate "C";
