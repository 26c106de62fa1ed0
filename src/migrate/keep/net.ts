/**
 * The net under scripts that destroy nothing by their text, and yet run code: a row that is inserted may fire a trigger
 * that updates another table. One more statement in the same message fails when that has happened; the script then
 * runs once more, with every statement that writes looked after.
 */
import { sqlstateOf } from '../../database/index.js';
import { nodeName, relationUses } from '../../sql/index.js';
import { PartFailure } from '../run/message.js';
import type { ScriptStatement } from '../run/script.js';
import { FIRE_DEFERRED } from './deferred.js';
import { functionsIn, intentOf } from './intents.js';

const NET = `
  select 1 / (case when exists (
    select
      from pg_catalog.pg_class as c
      join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where c.relkind in ('r', 'm')
       and c.relpersistence <> 't'
       and (n.nspname not in ('pg_catalog', 'information_schema', 'plinth', 'plinth_kept')
            or c.oid = 'pg_catalog.pg_largeobject'::pg_catalog.regclass)
       and pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) > 0
       and not exists (
         select
           from pg_catalog.pg_attribute as a
          where a.attrelid = c.oid and a.attnum = -6
            and a.xmin = (pg_catalog.pg_current_xact_id_if_assigned())::xid)) then 0 else 1 end)`;

/** Fails when code has emptied, dropped or altered a table that was there: nothing else locks it so. */
const NET_UNDER_TABLES = `
  select 1 / (case when exists (
    select
      from pg_catalog.pg_locks as l
      left join pg_catalog.pg_class as c on c.oid = l.relation
     where l.pid = pg_catalog.pg_backend_pid()
       and l.locktype = 'relation'
       and l.mode = 'AccessExclusiveLock'
       and coalesce(c.relkind in ('r', 'm') and c.relpersistence <> 't', true)
       and coalesce(c.relnamespace not in (
             select n.oid from pg_catalog.pg_namespace as n where n.nspname in ('plinth', 'plinth_kept', 'pg_toast')), true)
       and not exists (
         select
           from pg_catalog.pg_attribute as a
          where a.attrelid = c.oid and a.attnum = -6
            and a.xmin = (pg_catalog.pg_current_xact_id_if_assigned())::xid)) then 0 else 1 end)`;

/** The net under the statements of one transaction, where they may write rows; nothing otherwise. */
export function netUnder(statements: readonly ScriptStatement[]): readonly string[] {
  return statements.some(writes)
    ? [FIRE_DEFERRED, NET, ...(onlyWrite(statements) ? [NET_UNDER_TABLES] : [])]
    : [];
}

/** Nothing in their text empties, drops or alters a table. */
export function onlyWrite(statements: readonly ScriptStatement[]): boolean {
  return statements.every((statement) => {
    const intent = intentOf(statement);
    return (
      (statement.copyData !== undefined || statement.classification.kind === 'data') &&
      (intent === undefined || intent.kind === 'write')
    );
  });
}

/** A statement that inserts, and so may fire triggers, or that computes what it reads: a view or a function may write. */
export function writes({ classification, copyData, outcome }: ScriptStatement): boolean {
  if (copyData !== undefined || classification.kind === 'data') {
    return true;
  }
  const node = outcome.kind === 'parsed' ? outcome.node : undefined;
  const name = node && nodeName(node);
  return name !== undefined &&
    COMPUTES.has(name) &&
    (functionsIn(node!).length > 0 || relationUses(node!).length > 0)
    ? true
    : name === 'AlterTableStmt' && functionsIn(node!).length > 0;
}

/** Statements that give the rows of a query. */
const COMPUTES: ReadonlySet<string> = new Set(['SelectStmt', 'CreateTableAsStmt', 'ExplainStmt']);

/** Thrown when rows were updated or deleted beside the statements that were looked after. */
export class NetFailure extends Error {
  override readonly name = 'NetFailure';
}

/** Whether the failure is that of the net. */
export function isNetFailure(failure: unknown): boolean {
  if (failure instanceof NetFailure) {
    return true;
  }
  const isNet = failure instanceof PartFailure && [NET, NET_UNDER_TABLES].includes(failure.part?.sql ?? '');
  return isNet && sqlstateOf(failure.cause) === '22012';
}
