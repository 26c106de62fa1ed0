/**
 * The net under scripts that destroy nothing by their text, and yet run code: a row that is inserted may fire a trigger
 * that updates another table. One more statement in the same message fails when that has happened; the script then
 * runs once more, with every statement that writes looked after.
 */
import { sqlstateOf } from '../../database/index.js';
import { PartFailure } from '../run/message.js';
import type { ScriptStatement } from '../run/script.js';

const NET = `
  select 1 / (case when exists (
    select
      from pg_catalog.pg_stat_xact_user_tables as s
      join pg_catalog.pg_class as c on c.oid = s.relid and c.relpersistence <> 't'
     where s.n_tup_upd + s.n_tup_del > 0
       and s.schemaname not in ('plinth', 'plinth_kept')
       and not exists (
         select
           from pg_catalog.pg_attribute as a
          where a.attrelid = c.oid and a.attnum = -6
            and a.xmin = (pg_catalog.pg_current_xact_id_if_assigned())::xid)) then 0 else 1 end)`;

/** The net under the statements of one transaction, where they write rows; nothing otherwise. */
export function netUnder(statements: readonly ScriptStatement[]): readonly string[] {
  return statements.some(writes) ? [NET] : [];
}

/** A statement that only inserts, and so may fire triggers. */
export function writes({ classification, copyData }: ScriptStatement): boolean {
  return copyData !== undefined || classification.kind === 'data';
}

/** Thrown when rows were updated or deleted beside the statements that were looked after. */
export class NetFailure extends Error {
  override readonly name = 'NetFailure';
}

/** Whether the failure is that of the net. */
export function isNetFailure(failure: unknown): boolean {
  if (failure instanceof NetFailure) {
    return true;
  }
  return failure instanceof PartFailure && failure.part?.sql === NET && sqlstateOf(failure.cause) === '22012';
}
