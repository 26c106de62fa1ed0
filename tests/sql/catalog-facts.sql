-- Everything that the effects of a statement may depend on, one JSON object per relation.
with recursive below as (
  select inhparent as top, inhrelid as relation from pg_inherits
  union all
  select b.top, i.inhrelid from below as b join pg_inherits as i on i.inhparent = b.relation
),
named as (
  select c.oid, json_build_object('schema', n.nspname, 'name', c.relname) as name
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
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
)
select
  n.nspname as schema,
  c.relname as name,
  case c.relkind
    when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view'
    when 'f' then 'foreign table' when 'S' then 'sequence' else 'index'
  end as kind,
  (select t.name from pg_index as i join named as t on t.oid = i.indrelid where i.indexrelid = c.oid
   union all
   select t.name from pg_depend as d join named as t on t.oid = d.refobjid
   where c.relkind = 'S' and d.objid = c.oid and d.deptype in ('a', 'i') and d.refclassid = 'pg_class'::regclass
     and d.classid = 'pg_class'::regclass
   limit 1) as "table",
  (select json_agg(json_build_object(
     'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'isNotNull', a.attnotnull and not exists (
       select from pg_constraint as k
       where k.conrelid = c.oid and k.contype = 'n' and a.attnum = any (k.conkey) and not k.convalidated),
     'sequence', (select t.name from pg_depend as d join named as t on t.oid = d.objid
       where d.refobjid = c.oid and d.refobjsubid = a.attnum and d.deptype in ('a', 'i')
         and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
         and (select relkind from pg_class where oid = d.objid) = 'S'),
     'generated', case to_jsonb(a) ->> 'attgenerated' when 's' then 'stored' when 'v' then 'virtual' end) order by a.attnum)
   from pg_attribute as a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select json_agg(json_build_object(
     'name', k.conname,
     'kind', case k.contype when 'p' then 'primary key' when 'u' then 'unique' when 'f' then 'foreign key'
       when 'c' then 'check' when 'x' then 'exclusion' else 'not null' end,
     'columns', (select coalesce(json_agg(a.attname), '[]') from pg_attribute as a
                 where a.attrelid = c.oid and a.attnum = any (k.conkey)),
     'isValidated', k.convalidated,
     'references', (select t.name from named as t where t.oid = k.confrelid),
     'condition', pg_get_expr(k.conbin, k.conrelid)))
   from pg_constraint as k where k.conrelid = c.oid and k.conparentid = 0) as constraints,
  (select json_agg(json_build_object(
     'relation', t.name,
     'columns', (select json_agg(a.attname) from pg_attribute as a
                 where a.attrelid = k.conrelid and a.attnum = any (k.conkey)),
     'onDelete', case k.confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
       when 'n' then 'set null' else 'set default' end,
     'onUpdate', case k.confupdtype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
       when 'n' then 'set null' else 'set default' end))
   from pg_constraint as k join named as t on t.oid = k.conrelid
   where k.contype = 'f' and k.confrelid = c.oid and k.conparentid = 0) as "referencedBy",
  (select json_agg(t.name) from below as b join named as t on t.oid = b.relation where b.top = c.oid) as descendants,
  (select json_agg(t.name) from pg_inherits as i join named as t on t.oid = i.inhparent where i.inhrelid = c.oid) as parents,
  (select t.name from pg_partitioned_table as p join named as t on t.oid = p.partdefid where p.partrelid = c.oid) as "defaultPartition",
  (select json_agg(t.name) from reads as r join named as t on t.oid = r.relation where r.view = c.oid) as reads,
  (select json_agg(t.name) from reads as r join named as t on t.oid = r.view where r.relation = c.oid) as dependents
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname in ('public', 'app') and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I')
order by n.nspname, c.relname;
