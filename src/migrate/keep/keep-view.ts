/**
 * A materialized view that is about to go. Its definition is no data: made anew, it computes the same rows. Not when
 * it reads another server or calls what gives something else each time: then its rows are copied.
 */
import type { Session } from '../../database/index.js';
import { setKeptTable } from './items.js';
import { addTableItem, ensureKeptSchema, type KeepScope } from './keep-scope.js';
import { keptColumn, keptTable, keptTableName, nameOf, storedValue } from './layout.js';
import type { TableFacts } from './table-facts.js';

const CANNOT_BE_RECOMPUTED = `
  with recursive reads as (
    select $1::oid as oid
    union
    select d.refobjid
      from reads as r
      join pg_catalog.pg_rewrite as w on w.ev_class = r.oid
      join pg_catalog.pg_depend as d
        on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = w.oid
       and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
  )
  select exists (
           select
             from reads as r
             join pg_catalog.pg_class as c on c.oid = r.oid
            where c.relkind = 'f')
      or exists (
           select
             from reads as r
             join pg_catalog.pg_rewrite as w on w.ev_class = r.oid
             join pg_catalog.pg_proc as p
               on p.provolatile = 'v'
              and (w.ev_action::text ~ ('[{]FUNCEXPR :funcid ' || p.oid || ' ')
                   or exists (
                     select
                       from pg_catalog.pg_depend as d
                      where d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = w.oid
                        and d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass and d.refobjid = p.oid)))
      -- now() and its like give another answer each time, and are called stable all the same.
      or exists (
           select
             from reads as r
             join pg_catalog.pg_rewrite as w on w.ev_class = r.oid
            where w.ev_action::text ~ '[{]SQLVALUEFUNCTION '
               or w.ev_action::text ~ ('[{]FUNCEXPR :funcid ' || 'pg_catalog.now()'::pg_catalog.regprocedure::oid || ' '))
         as yes`;

export async function keepView(
  session: Session,
  scope: KeepScope,
  statement: number,
  view: TableFacts,
): Promise<void> {
  if (!view.isPopulated || view.isNew) {
    return;
  }
  const [cannot] = await session.query<{ yes: boolean }>(CANNOT_BE_RECOMPUTED, [view.oid]);
  if (!cannot!.yes) {
    return;
  }
  await ensureKeptSchema(session);
  const layout = {
    key: [],
    isKeyless: true,
    columns: view.columns.map((column, index) => keptColumn(column, `o${index + 1}`)),
  };
  const id = await addTableItem(session, scope, view, { statement, kind: 'copy', layout });
  const values = view.columns.map((column, index) => `${storedValue('t', column)} as o${index + 1}`);
  const kept = keptTableName(id);
  const [copied] = await session.run(
    `create table ${keptTable(kept)} as select ${values.join(', ')} from ${nameOf(view)} as t`,
  );
  await setKeptTable(session, id, kept, copied?.rowCount);
}
