-- What filling tables needs to know beside the schema model: every type that a column is made of, down to the last
-- element, and which rows each partition takes.
with recursive relations as (
  select c.oid, c.relkind, c.relispartition, n.nspname as schema, c.relname as name
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p')
    and n.nspname not in ('information_schema', 'plinth', 'plinth_kept')
    and n.nspname !~ '^pg_'
),
used as (
  select distinct a.atttypid as oid, a.atttypmod as typmod
  from pg_attribute a
  join relations r on r.oid = a.attrelid
  where a.attnum > 0 and not a.attisdropped
  union
  select part.oid, part.typmod
  from used u
  join pg_type t on t.oid = u.oid
  cross join lateral (
    select t.typbasetype as oid, t.typtypmod as typmod where t.typtype = 'd'
    union all
    select t.typelem, u.typmod where t.typsubscript = 'array_subscript_handler'::regproc
    union all
    select a.atttypid, a.atttypmod
    from pg_attribute a
    where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    union all
    select g.rngsubtype, -1 from pg_range g where g.rngtypid = t.oid
    union all
    select g.rngtypid, -1 from pg_range g where g.rngmultitypid = t.oid
  ) part
),
types as (
  select
    format_type(u.oid, u.typmod) as type,
    n.nspname as schema,
    t.typname as name,
    u.typmod,
    case
      when t.typsubscript = 'array_subscript_handler'::regproc and t.typname not in ('int2vector', 'oidvector') then 'array'
      when t.typtype = 'd' then 'domain'
      when t.typtype = 'e' then 'enum'
      when t.typtype = 'c' then 'composite'
      when t.typtype = 'r' then 'range'
      when t.typtype = 'm' then 'multirange'
      else 'base'
    end as kind,
    case
      when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod)
      when t.typsubscript = 'array_subscript_handler'::regproc then format_type(t.typelem, u.typmod)
      when t.typtype = 'r' then (select format_type(g.rngsubtype, -1) from pg_range g where g.rngtypid = t.oid)
      when t.typtype = 'm' then (select format_type(g.rngtypid, -1) from pg_range g where g.rngmultitypid = t.oid)
    end as of,
    t.typnotnull as not_null,
    case when t.typtype = 'e' then
      (select json_agg(e.enumlabel order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid)
    end as labels,
    case when t.typtype = 'c' then (
      select json_agg(format_type(a.atttypid, a.atttypmod) order by a.attnum)
      from pg_attribute a
      where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
    ) end as attributes,
    case when t.typtype = 'd' then (
      select json_agg(json_build_object('name', k.conname, 'expression', pg_get_expr(k.conbin, 0), 'definition', pg_get_constraintdef(k.oid)) order by k.conname)
      from pg_constraint k
      where k.contypid = t.oid and k.contype = 'c'
    ) end as checks
  from used u
  join pg_type t on t.oid = u.oid
  join pg_namespace n on n.oid = t.typnamespace
),
below as (
  select oid as root, oid from relations where relkind = 'p' and not relispartition
  union all
  select b.root, i.inhrelid from below b join pg_inherits i on i.inhparent = b.oid
)
select
  (select coalesce(json_agg(t), '[]') from types t) as types,
  (
    select coalesce(json_agg(json_build_object(
      'rootSchema', root.schema, 'rootName', root.name, 'schema', leaf.schema, 'name', leaf.name,
      'condition', pg_get_partition_constraintdef(leaf.oid)
    ) order by leaf.schema collate "C", leaf.name collate "C"), '[]')
    from below b
    join relations root on root.oid = b.root
    join relations leaf on leaf.oid = b.oid and leaf.relkind = 'r'
  ) as partitions
