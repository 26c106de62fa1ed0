-- Functions, procedures, aggregates and window functions; not those that PostgreSQL made for a range type.
select
  p.oid,
  p.prokind as routine_kind,
  n.nspname as schema,
  p.proname as name,
  oidvectortypes(p.proargtypes) as signature,
  pg_get_function_identity_arguments(p.oid) as arguments,
  pg_get_function_result(p.oid) as result,
  l.lanname as language,
  p.provolatile as volatility,
  p.prosecdef as security_definer,
  p.proisstrict as strict,
  p.proleakproof as leakproof,
  p.proparallel as parallel,
  p.proconfig as configuration,
  case
    when p.prokind <> 'a' then pg_get_functiondef(p.oid)
    else (
      select
        concat_ws(
          ', ',
          'sfunc = ' || g.aggtransfn,
          'stype = ' || format_type(g.aggtranstype, null),
          'sspace = ' || nullif(g.aggtransspace, 0),
          'finalfunc = ' || nullif(g.aggfinalfn, 0)::regproc,
          case when g.aggfinalextra then 'finalfunc_extra' end,
          'finalfunc_modify = ' || case nullif(g.aggfinalmodify, case when g.aggkind = 'n' then 'r' else 'w' end::"char")
            when 'r' then 'read_only' when 's' then 'shareable' when 'w' then 'read_write'
          end,
          'combinefunc = ' || nullif(g.aggcombinefn, 0)::regproc,
          'serialfunc = ' || nullif(g.aggserialfn, 0)::regproc,
          'deserialfunc = ' || nullif(g.aggdeserialfn, 0)::regproc,
          'initcond = ' || quote_literal(g.agginitval),
          'msfunc = ' || nullif(g.aggmtransfn, 0)::regproc,
          'minvfunc = ' || nullif(g.aggminvtransfn, 0)::regproc,
          'mstype = ' || format_type(nullif(g.aggmtranstype, 0), null),
          'msspace = ' || nullif(g.aggmtransspace, 0),
          'mfinalfunc = ' || nullif(g.aggmfinalfn, 0)::regproc,
          case when g.aggmfinalextra then 'mfinalfunc_extra' end,
          'mfinalfunc_modify = ' || case nullif(g.aggmfinalmodify, case when g.aggkind = 'n' then 'r' else 'w' end::"char")
            when 'r' then 'read_only' when 's' then 'shareable' when 'w' then 'read_write'
          end,
          'minitcond = ' || quote_literal(g.aggminitval),
          (
            select format('sortop = operator(%I.%s)', sn.nspname, o.oprname)
            from pg_operator o join pg_namespace sn on sn.oid = o.oprnamespace
            where o.oid = g.aggsortop
          ),
          case when g.aggkind = 'h' then 'hypothetical' end
        )
      from pg_aggregate g
      where g.aggfnoid = p.oid
    )
  end as definition,
  pg_get_userbyid(p.proowner) as owner
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_language l on l.oid = p.prolang
where p.pronamespace = any($1::oid[])
  and not exists (
    select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i')
  )
order by n.nspname, p.proname, oidvectortypes(p.proargtypes) collate "C"
