/**
 * Statements that can destroy nothing but what is in the tables that they name: where these are empty there is nothing
 * to keep, and the statement can go with others in one message. A guard before it locks the tables, looks, and stops
 * the message where one holds something; then the migration goes alone, and what it destroys is kept.
 */
import { bodyOf, qualifiedName, quoteLiteral, type RelationName } from '../../sql/index.js';
import type { ScriptStatement } from '../run/script.js';
import { type Intent, intentOf } from './intents.js';

/** The tables that a guard looks into; `undefined` when more may be lost than what is in them. */
function guardedTables(statement: ScriptStatement, intent: Intent): readonly RelationName[] | undefined {
  if (cascades(statement)) {
    return undefined;
  }
  return intent.kind === 'drop' && intent.what === 'TABLE'
    ? intent.tables
    : intent.kind === 'alter'
      ? [intent.table]
      : undefined;
}

/** Whether the statement destroys something that no guard can look for. */
export function mustKeep(statement: ScriptStatement): boolean {
  const intent = intentOf(statement);
  return intent !== undefined && guardedTables(statement, intent) === undefined;
}

/** Whether the statement has a guard. */
export function isGuarded(statement: ScriptStatement): boolean {
  return guardOf(statement) !== undefined;
}

/** What is sent before the statement; `undefined` when it destroys nothing. */
export function guardOf(statement: ScriptStatement): string | undefined {
  const intent = intentOf(statement);
  const tables = intent && guardedTables(statement, intent);
  return tables && guardSql(tables);
}

const HOLDS_DATA = 'PL110';

function cascades({ outcome }: ScriptStatement): boolean {
  if (outcome.kind !== 'parsed') {
    return true;
  }
  const commands = bodyOf(outcome.node, 'AlterTableStmt')?.cmds ?? [];
  return (
    bodyOf(outcome.node, 'DropStmt')?.behavior === 'DROP_CASCADE' ||
    commands.some((node) => bodyOf(node, 'AlterTableCmd')?.behavior === 'DROP_CASCADE')
  );
}

/**
 * Names resolve as the statement's own will. A table without rows may still have a sequence that was used: its
 * position is data. Partitions and inheriting tables are left to the keeper.
 */
function guardSql(tables: readonly RelationName[]): string {
  const names = tables.map(({ schema, name }) => quoteLiteral(qualifiedName(schema, name))).join(', ');
  return `do $plinth$
declare
  plinth_name text;
  plinth_table regclass;
  plinth_found boolean;
begin
  foreach plinth_name in array array[${names}]::text[] loop
    plinth_table := pg_catalog.to_regclass(plinth_name);
    continue when plinth_table is null;
    execute 'lock table only ' || plinth_table::text || ' in access exclusive mode';
    execute 'select exists (select from only ' || plinth_table::text || ')' into plinth_found;
    if plinth_found
      or exists (
        select from pg_catalog.pg_class as c
        where c.oid = plinth_table and (c.relkind <> 'r' or c.relispartition or c.relhassubclass)
      )
      or exists (
        select from pg_catalog.pg_depend as d
        join pg_catalog.pg_class as s on s.oid = d.objid
        where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
          and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          and d.refobjid = plinth_table
          -- In this order: the function fails on what is no sequence.
          and case when s.relkind = 'S' then pg_catalog.pg_sequence_last_value(s.oid) is not null end
      )
    then
      raise exception using errcode = '${HOLDS_DATA}', message = 'the table holds data';
    end if;
  end loop;
end
$plinth$`;
}
