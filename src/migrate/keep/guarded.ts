/**
 * Statements that can destroy nothing but what is in the tables that they name: where these are empty there is nothing
 * to keep. A statement like that can go with others in one message: a guard before it locks the tables, looks, and
 * stops the message where one holds something; then the migration goes alone, and what it destroys is kept.
 */
import type { Session } from '../../database/index.js';
import { bodyOf, qualifiedName, quoteLiteral, type RelationName } from '../../sql/index.js';
import type { ScriptStatement } from '../run/script.js';
import { type Intent, intentOf } from './intents.js';
import { asKeeper } from './own-settings.js';

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
  return intentOf(statement) !== undefined && !mustKeep(statement);
}

/** The statements that are sent before it; `undefined` when it destroys nothing. */
export function guardOf(statement: ScriptStatement): readonly string[] | undefined {
  const intent = intentOf(statement);
  const tables = intent && guardedTables(statement, intent);
  return tables && guardSql(tables);
}

/** What a guard fails with where a table holds something: text that is no number. Nothing else of SQL fails so by a condition. */
export const HOLDS_DATA = '22P02';

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

/** Names resolve as the statement's own will, and it fails as that would where a table is not there. */
function guardSql(tables: readonly RelationName[]): readonly string[] {
  const names = tables.map(({ schema, name }) => qualifiedName(schema, name));
  return [
    lockSql(names, 'access exclusive'),
    `select (case when ${names.map(mayLoseByItsEnd).join('\n    or ')} then 'the table holds data' else '0' end)::pg_catalog.int4`,
  ];
}

/**
 * Whether the statement finds nothing that it could destroy: its tables are locked then, until the transaction ends.
 * False, too, where that cannot be told so simply.
 */
export async function findsNothing(
  session: Session,
  statement: ScriptStatement,
  intent: Intent,
): Promise<boolean> {
  const isWrite = intent.kind === 'write';
  const tables = isWrite ? intent.tables.map(({ table }) => table) : guardedTables(statement, intent);
  if (!tables?.length) {
    return false;
  }
  const names = [...new Set(tables.map(({ schema, name }) => qualifiedName(schema, name)))];
  return asKeeper(session, async () => {
    const [there] = await session.query<{ all: boolean }>(
      'select pg_catalog.bool_and(pg_catalog.to_regclass(name) is not null) as all from pg_catalog.unnest($1::text[]) as name',
      [names],
    );
    if (!there?.all || !(await isTrue(session, `not (${names.map(isMore(isWrite)).join(' or ')})`))) {
      return false;
    }
    await session.run(lockSql(names, isWrite ? 'share row exclusive' : 'access exclusive'));
    return isTrue(session, `not (${names.map(isWrite ? holdsRows : mayLoseByItsEnd).join(' or ')})`);
  });
}

async function isTrue(session: Session, condition: string): Promise<boolean> {
  const [row] = await session.query<{ found: boolean }>(`select ${condition} as found`);
  return row?.found === true;
}

function lockSql(names: readonly string[], mode: string): string {
  return `lock table ${names.map((name) => `only ${name}`).join(', ')} in ${mode} mode`;
}

/**
 * What is lost with a table or a column: rows, and the position of a sequence that was used. Partitions, tables that
 * others inherit, and those whose rows a policy may hide are left to the keeper.
 */
function mayLoseByItsEnd(name: string): string {
  return `${isMore(false)(name)}
    or ${holdsRows(name)}
    or exists (
      select from pg_catalog.pg_depend as d
      join pg_catalog.pg_class as s on s.oid = d.objid
      where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and d.refobjid = ${quoteLiteral(name)}::pg_catalog.regclass
        -- In this order: the function fails on what is no sequence.
        and case when s.relkind = 'S' then pg_catalog.pg_sequence_last_value(s.oid) is not null end)`;
}

function holdsRows(name: string): string {
  return `exists (select from only ${name})`;
}

/** Whether it is more than a table of its own; for a statement that writes, also whether that may run code. */
function isMore(isWrite: boolean): (name: string) => string {
  const code = isWrite
    ? ` or c.relhasrules
        or exists (select from pg_catalog.pg_trigger as t where t.tgrelid = c.oid and not t.tgisinternal)`
    : '';
  return (name) => `exists (
      select from pg_catalog.pg_class as c
      where c.oid = ${quoteLiteral(name)}::pg_catalog.regclass
        and (c.relkind <> 'r' or c.relispartition or c.relhassubclass or c.relrowsecurity${code}))`;
}
