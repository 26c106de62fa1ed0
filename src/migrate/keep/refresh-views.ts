import type { Session } from '../../database/index.js';
import { qualifiedName } from '../../sql/index.js';
import { attempt } from './attempt.js';

const VIEWS = `
  with recursive readers (oid, depth) as (
    select unnest($1::oid[]), 0
    union
    select w.ev_class, r.depth + 1
      from readers as r
      join pg_catalog.pg_depend as d
        on d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid = r.oid
       and d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      join pg_catalog.pg_rewrite as w on w.oid = d.objid and w.ev_class <> r.oid
     where r.depth < 50
  )
  select n.nspname as schema, c.relname as name
    from readers as r
    join pg_catalog.pg_class as c on c.oid = r.oid and c.relkind = 'm' and c.relispopulated
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
   group by n.nspname, c.relname
   order by max(r.depth), n.nspname, c.relname`;

/** Computes the materialized views anew that read tables whose rows were put back. One that cannot be stays as it is. */
export async function refreshViews(session: Session, tables: readonly number[]): Promise<void> {
  if (tables.length === 0) {
    return;
  }
  const views = await session.query<{ schema: string; name: string }>(VIEWS, [tables]);
  for (const { schema, name } of views) {
    await attempt(session, () => session.run(`refresh materialized view ${qualifiedName(schema, name)}`));
  }
}
