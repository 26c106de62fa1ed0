-- Objects of the kinds that few schemas have, each identified in one text and defined by the statements that make it.
with member (opfamily, opclass, place, text) as (
  -- What belongs to an operator class, or to a family alone.
  select a.amopfamily, d.refobjid, a.amopstrategy::int,
    format('operator %s %s', a.amopstrategy, a.amopopr::regoperator)
    || case when a.amoppurpose = 'o' then (
      select format(' for order by %I.%I', n.nspname, f.opfname)
      from pg_opfamily f join pg_namespace n on n.oid = f.opfnamespace where f.oid = a.amopsortfamily
    ) else '' end
  from pg_amop a
  left join pg_depend d
    on d.classid = 'pg_amop'::regclass and d.objid = a.oid and d.refclassid = 'pg_opclass'::regclass
  where a.oid >= 16384
  union all
  select a.amprocfamily, d.refobjid, 1000 + a.amprocnum,
    format('function %s (%s, %s) %s', a.amprocnum, format_type(a.amproclefttype, null),
      format_type(a.amprocrighttype, null), a.amproc::regprocedure)
  from pg_amproc a
  left join pg_depend d
    on d.classid = 'pg_amproc'::regclass and d.objid = a.oid and d.refclassid = 'pg_opclass'::regclass
  where a.oid >= 16384
),
found (classid, oid, kind, owner, namespace, definition) as (
  select 'pg_am'::regclass, a.oid, 'access method', null::oid, null::oid,
    format('create access method %I type %s handler %s',
      a.amname, case a.amtype when 'i' then 'index' else 'table' end, a.amhandler)
  from pg_am a
  union all
  select 'pg_cast'::regclass, c.oid, 'cast', null, null,
    format('create cast (%s as %s) ', format_type(c.castsource, null), format_type(c.casttarget, null))
    || case c.castmethod
      when 'f' then format('with function %s', c.castfunc::regprocedure)
      when 'i' then 'with inout'
      else 'without function'
    end
    || case c.castcontext when 'a' then ' as assignment' when 'i' then ' as implicit' else '' end
  from pg_cast c
  union all
  select 'pg_collation'::regclass, c.oid, 'collation', c.collowner, c.collnamespace,
    format('create collation %I.%I (%s)', n.nspname, c.collname, concat_ws(', ',
      'provider = ' || case c.collprovider when 'i' then 'icu' when 'c' then 'libc' when 'b' then 'builtin' end,
      'locale = ' || quote_literal(c.colllocale), -- since 17
      'locale = ' || quote_literal(c.colliculocale), -- before 17
      case when c.collcollate = c.collctype then 'locale = ' || quote_literal(c.collcollate) end,
      case when c.collcollate <> c.collctype then 'lc_collate = ' || quote_literal(c.collcollate) end,
      case when c.collcollate <> c.collctype then 'lc_ctype = ' || quote_literal(c.collctype) end,
      'rules = ' || quote_literal(c.collicurules), -- since 16
      case when not c.collisdeterministic then 'deterministic = false' end))
  from pg_collation c
  join pg_namespace n on n.oid = c.collnamespace
  union all
  select 'pg_conversion'::regclass, c.oid, 'conversion', c.conowner, c.connamespace,
    format('create %sconversion %I.%I for %L to %L from %s', case when c.condefault then 'default ' end,
      n.nspname, c.conname, pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc)
  from pg_conversion c
  join pg_namespace n on n.oid = c.connamespace
  union all
  select 'pg_language'::regclass, l.oid, 'language', l.lanowner, null,
    concat_ws(' ',
      format('create %slanguage %I', case when l.lanpltrusted then 'trusted ' end, l.lanname),
      'handler ' || nullif(l.lanplcallfoid, 0)::regproc,
      'inline ' || nullif(l.laninline, 0)::regproc,
      'validator ' || nullif(l.lanvalidator, 0)::regproc)
  from pg_language l
  union all
  select 'pg_operator'::regclass, o.oid, 'operator', o.oprowner, o.oprnamespace,
    format('create operator %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ',
      'function = ' || o.oprcode,
      'leftarg = ' || format_type(nullif(o.oprleft, 0), null),
      'rightarg = ' || format_type(nullif(o.oprright, 0), null),
      (
        select format('commutator = operator(%I.%s)', cn.nspname, c.oprname)
        from pg_operator c join pg_namespace cn on cn.oid = c.oprnamespace
        where c.oid = o.oprcom
      ),
      (
        select format('negator = operator(%I.%s)', cn.nspname, c.oprname)
        from pg_operator c join pg_namespace cn on cn.oid = c.oprnamespace
        where c.oid = o.oprnegate
      ),
      'restrict = ' || nullif(o.oprrest, 0)::regproc,
      'join = ' || nullif(o.oprjoin, 0)::regproc,
      case when o.oprcanhash then 'hashes' end,
      case when o.oprcanmerge then 'merges' end))
  from pg_operator o
  join pg_namespace n on n.oid = o.oprnamespace
  where o.oprcode <> 0
  union all
  select 'pg_opclass'::regclass, o.oid, 'operator class', o.opcowner, o.opcnamespace,
    format('create operator class %I.%I%s for type %s using %I family %I.%I as %s', n.nspname, o.opcname,
      case when o.opcdefault then ' default' end, format_type(o.opcintype, null), am.amname, fn.nspname, f.opfname,
      concat_ws(', ',
        (select string_agg(m.text, ', ' order by m.place, m.text collate "C") from member m where m.opclass = o.oid),
        'storage ' || format_type(nullif(o.opckeytype, 0), null)))
  from pg_opclass o
  join pg_namespace n on n.oid = o.opcnamespace
  join pg_opfamily f on f.oid = o.opcfamily
  join pg_namespace fn on fn.oid = f.opfnamespace
  join pg_am am on am.oid = o.opcmethod
  union all
  select 'pg_opfamily'::regclass, f.oid, 'operator family', f.opfowner, f.opfnamespace,
    concat_ws(E';\n',
      format('create operator family %I.%I using %I', n.nspname, f.opfname, am.amname),
      (
        select format('alter operator family %I.%I using %I add %s', n.nspname, f.opfname, am.amname,
          string_agg(m.text, ', ' order by m.place, m.text collate "C"))
        from member m where m.opfamily = f.oid and m.opclass is null
        having count(*) > 0
      ))
  from pg_opfamily f
  join pg_namespace n on n.oid = f.opfnamespace
  join pg_am am on am.oid = f.opfmethod
  union all
  select 'pg_ts_config'::regclass, c.oid, 'text search configuration', c.cfgowner, c.cfgnamespace,
    concat_ws(E';\n',
      format('create text search configuration %I.%I (parser = %I.%I)', n.nspname, c.cfgname, pn.nspname, p.prsname),
      (
        select string_agg(
          format('alter text search configuration %I.%I add mapping for %s with %s', n.nspname, c.cfgname, m.tokens,
            m.dictionaries),
          E';\n' order by m.first)
        from (
          select each.dictionaries, min(each.token) as first,
            string_agg(quote_ident(t.alias), ', ' order by each.token) as tokens
          from (
            select m.maptokentype as token, string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno) as dictionaries
            from pg_ts_config_map m
            where m.mapcfg = c.oid
            group by m.maptokentype
          ) each
          join ts_token_type(c.cfgparser) t on t.tokid = each.token
          group by each.dictionaries
        ) m
      ))
  from pg_ts_config c
  join pg_namespace n on n.oid = c.cfgnamespace
  join pg_ts_parser p on p.oid = c.cfgparser
  join pg_namespace pn on pn.oid = p.prsnamespace
  where c.oid >= 16384
  union all
  select 'pg_ts_dict'::regclass, d.oid, 'text search dictionary', d.dictowner, d.dictnamespace,
    format('create text search dictionary %I.%I (%s)', n.nspname, d.dictname,
      concat_ws(', ', format('template = %I.%I', tn.nspname, t.tmplname), d.dictinitoption))
  from pg_ts_dict d
  join pg_namespace n on n.oid = d.dictnamespace
  join pg_ts_template t on t.oid = d.dicttemplate
  join pg_namespace tn on tn.oid = t.tmplnamespace
  union all
  select 'pg_ts_parser'::regclass, p.oid, 'text search parser', null, p.prsnamespace,
    format('create text search parser %I.%I (%s)', n.nspname, p.prsname, concat_ws(', ',
      'start = ' || p.prsstart, 'gettoken = ' || p.prstoken, 'end = ' || p.prsend,
      'headline = ' || nullif(p.prsheadline, 0)::regproc, 'lextypes = ' || p.prslextype))
  from pg_ts_parser p
  join pg_namespace n on n.oid = p.prsnamespace
  union all
  select 'pg_ts_template'::regclass, t.oid, 'text search template', null, t.tmplnamespace,
    format('create text search template %I.%I (%s)', n.nspname, t.tmplname, concat_ws(', ',
      'init = ' || nullif(t.tmplinit, 0)::regproc, 'lexize = ' || t.tmpllexize))
  from pg_ts_template t
  join pg_namespace n on n.oid = t.tmplnamespace
  union all
  select 'pg_transform'::regclass, t.oid, 'transform', null, null,
    format('create transform for %s language %I (%s)', format_type(t.trftype, null), l.lanname, concat_ws(', ',
      'from sql with function ' || nullif(t.trffromsql, 0)::regprocedure,
      'to sql with function ' || nullif(t.trftosql, 0)::regprocedure))
  from pg_transform t
  join pg_language l on l.oid = t.trflang
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
