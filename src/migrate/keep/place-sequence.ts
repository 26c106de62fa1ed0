/** A sequence is never set below where it stands: what either run has used is used. */
import type { Session } from '../../database/index.js';
import { qualifiedName } from '../../sql/index.js';
import type { KeptItem } from './items.js';
import type { Placed } from './steps.js';

const FIND = `
  select c.oid::int8::float8 as oid, n.nspname as schema, c.relname as name, s.seqincrement > 0 as ascends,
         $3::bigint between s.seqmin and s.seqmax as fits
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join pg_catalog.pg_sequence as s on s.seqrelid = c.oid
    left join (
      select d.objid as oid
        from pg_catalog.pg_depend as d
        join pg_catalog.pg_class as t on t.oid = d.refobjid
        join pg_catalog.pg_namespace as tn on tn.oid = t.relnamespace
        join pg_catalog.pg_attribute as a on a.attrelid = t.oid and a.attnum = d.refobjsubid
       where d.deptype in ('a', 'i') and tn.nspname = $4 and t.relname = $5 and a.attname = $6) as owned
      on owned.oid = c.oid
   where (n.nspname = $1 and c.relname = $2) or owned.oid is not null
   order by owned.oid is null
   limit 1`;

export async function placeSequence(session: Session, { schema, name, layout }: KeptItem): Promise<Placed> {
  const { value, isCalled, owner } = layout.sequence!;
  const [found] = await session.query<{
    schema: string;
    name: string;
    ascends: boolean;
    fits: boolean;
  }>(FIND, [schema, name, value, owner?.schema ?? null, owner?.name ?? null, owner?.column ?? null]);
  if (!found?.fits) {
    const reason = found ? 'the position is out of its bounds' : 'the sequence is not there';
    return { placed: 0, unplaced: 1, reason };
  }
  const sequence = qualifiedName(found.schema, found.name);
  const beyond = found.ascends ? '>' : '<';
  await session.query(
    `select pg_catalog.setval($1::text::regclass, $2::bigint, $3)
       from ${sequence} as s
      where $2::bigint ${beyond} s.last_value or ($2::bigint = s.last_value and $3 and not s.is_called)`,
    [sequence, value, isCalled],
  );
  return { placed: 1, unplaced: 0, reason: undefined };
}
