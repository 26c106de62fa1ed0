select
  r.oid,
  r.ev_class as relation_oid,
  r.rulename as name,
  pg_get_ruledef(r.oid) as definition,
  r.ev_enabled as enabled
from pg_rewrite r
join pg_class c on c.oid = r.ev_class
where c.relnamespace = any($1::oid[]) and r.rulename <> '_RETURN'
order by r.ev_class, r.rulename
