-- Objects of the kinds that few schemas have, each identified and described in one text.
with found (classid, oid, kind, owner, namespace, definition) as (
  select 'pg_am'::regclass, a.oid, 'access method', null::oid, null::oid,
    format('type %s handler %s', a.amtype, a.amhandler)
  from pg_am a
  union all
  select 'pg_cast'::regclass, c.oid, 'cast', null, null,
    format('context %s method %s function %s', c.castcontext, c.castmethod, c.castfunc::regprocedure)
  from pg_cast c
  union all
  select 'pg_collation'::regclass, c.oid, 'collation', c.collowner, c.collnamespace,
    concat_ws(' ',
      'provider ' || c.collprovider::text, 'collate ' || c.collcollate, 'ctype ' || c.collctype,
      'locale ' || c.colllocale, -- since 17
      'locale ' || c.colliculocale, -- before 17
      'rules ' || quote_literal(c.collicurules), -- since 16
      'deterministic ' || c.collisdeterministic)
  from pg_collation c
  union all
  select 'pg_conversion'::regclass, c.oid, 'conversion', c.conowner, c.connamespace,
    format('from %s to %s function %s default %s',
      pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc, c.condefault)
  from pg_conversion c
  union all
  select 'pg_language'::regclass, l.oid, 'language', l.lanowner, null,
    format('trusted %s handler %s inline %s validator %s',
      l.lanpltrusted, l.lanplcallfoid::regproc, l.laninline::regproc, l.lanvalidator::regproc)
  from pg_language l
  union all
  select 'pg_operator'::regclass, o.oid, 'operator', o.oprowner, o.oprnamespace,
    format('function %s commutator %s negator %s restrict %s join %s hashes %s merges %s',
      o.oprcode, o.oprcom::regoperator, o.oprnegate::regoperator, o.oprrest, o.oprjoin, o.oprcanhash, o.oprcanmerge)
  from pg_operator o
  union all
  select 'pg_opclass'::regclass, o.oid, 'operator class', o.opcowner, o.opcnamespace,
    format('type %s default %s storage %s family %s',
      format_type(o.opcintype, null), o.opcdefault, format_type(nullif(o.opckeytype, 0), null), f.opfname)
  from pg_opclass o
  join pg_opfamily f on f.oid = o.opcfamily
  union all
  select 'pg_opfamily'::regclass, f.oid, 'operator family', f.opfowner, f.opfnamespace,
    concat_ws(', ',
      (
        select string_agg(format('operator %s %s %s', a.amopstrategy, a.amopopr::regoperator, a.amoppurpose), ', '
          order by a.amopstrategy, a.amopopr::regoperator::text)
        from pg_amop a where a.amopfamily = f.oid
      ),
      (
        select string_agg(format('function %s %s', a.amprocnum, a.amproc::regprocedure), ', '
          order by a.amprocnum, a.amproc::regprocedure::text)
        from pg_amproc a where a.amprocfamily = f.oid
      ))
  from pg_opfamily f
  union all
  select 'pg_ts_config'::regclass, c.oid, 'text search configuration', c.cfgowner, c.cfgnamespace,
    concat_ws(' ', 'parser', p.prsname, (
      select string_agg(format('%s %s %s', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), ', '
        order by m.maptokentype, m.mapseqno)
      from pg_ts_config_map m where m.mapcfg = c.oid
    ))
  from pg_ts_config c
  join pg_ts_parser p on p.oid = c.cfgparser
  union all
  select 'pg_ts_dict'::regclass, d.oid, 'text search dictionary', d.dictowner, d.dictnamespace,
    concat_ws(' ', 'template', t.tmplname, d.dictinitoption)
  from pg_ts_dict d
  join pg_ts_template t on t.oid = d.dicttemplate
  union all
  select 'pg_ts_parser'::regclass, p.oid, 'text search parser', null, p.prsnamespace,
    format('start %s token %s end %s headline %s lextype %s',
      p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype)
  from pg_ts_parser p
  union all
  select 'pg_ts_template'::regclass, t.oid, 'text search template', null, t.tmplnamespace,
    format('init %s lexize %s', t.tmplinit, t.tmpllexize)
  from pg_ts_template t
  union all
  select 'pg_transform'::regclass, t.oid, 'transform', null, null,
    format('from %s to %s', t.trffromsql::regprocedure, t.trftosql::regprocedure)
  from pg_transform t
)
select
  c.relname as catalog,
  f.oid,
  f.namespace is not null as in_schema,
  f.kind,
  i.identity,
  f.definition,
  case when f.owner is not null then pg_get_userbyid(f.owner) end as owner
from found f
join pg_class c on c.oid = f.classid
cross join pg_identify_object(f.classid, f.oid, 0) i
where f.oid >= 16384
  and (f.namespace is null or f.namespace = any($1::oid[]))
  and not exists (
    select from pg_depend d where d.classid = f.classid and d.objid = f.oid and d.deptype in ('e', 'i')
  )
order by f.kind, i.identity collate "C"
