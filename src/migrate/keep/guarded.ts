/**
 * Statements that can destroy nothing but what is in the tables that they name: where these are empty there is nothing
 * to keep. A statement like that can go with others in one message: a guard before it locks the tables, looks, and
 * stops the message where one holds something; then the migration goes alone, and what it destroys is kept.
 *
 * That is only slower where it happens, so what tables hold is guessed before from what the server counts.
 */
import type { Session } from '../../database/index.js';
import { bodyOf, qualifiedName, quoteLiteral, type RelationName } from '../../sql/index.js';
import { PLAN_ONCE } from '../ledger/prepared-records.js';
import type { ScriptStatement } from '../run/script.js';
import { type Intent, intentOf } from './intents.js';
import type { asKeeper } from './own-settings.js';

/** The tables that a guard looks into; `undefined` when more may be lost than what is in them. */
function guardedTables(statement: ScriptStatement, intent: Intent): readonly RelationName[] | undefined {
  if (cascades(statement)) {
    return undefined;
  }
  switch (intent.kind) {
    case 'write':
      return intent.tables.map(({ table }) => table);
    case 'alter':
      return [intent.table];
    default:
      return intent.kind === 'drop' && intent.what === 'TABLE' ? intent.tables : undefined;
  }
}

/** Whether the statement destroys something that no guard can look for. */
export function mustKeep(statement: ScriptStatement): boolean {
  const intent = intentOf(statement);
  return intent !== undefined && guardedTables(statement, intent) === undefined;
}

/** The names, without their schemas, of the tables that a guard looks into before the statement. */
export function guardedNames(statement: ScriptStatement): readonly string[] {
  const intent = intentOf(statement);
  return (intent && guardedTables(statement, intent))?.map(({ name }) => name) ?? [];
}

/** No script that shares a message sets it. */
const PLAN_AS_EVER = 'set local plan_cache_mode to default';

/** The guards of one message. */
export interface Guards {
  /** What is sent before the first. */
  readonly prepare: readonly string[];
  /** What is sent before the statement; nothing where it destroys nothing. */
  of(statement: ScriptStatement): readonly string[];
  readonly forget: readonly string[];
}

/**
 * Prepared once for a message: planning them is most of what they cost.
 * @param statements all of the message
 * @param serial tells what this message prepares from what an earlier one may have left
 */
export function guardsOf(statements: readonly ScriptStatement[], serial: number): Guards {
  const names = [`plinth_guard_${serial}`, `plinth_write_guard_${serial}`] as const;
  const used = new Set<string>();
  const sent = new Map(
    statements.map((statement) => {
      const intent = intentOf(statement);
      const tables = namesOf((intent && guardedTables(statement, intent)) ?? []);
      const isWrite = intent?.kind === 'write';
      const guard = names[isWrite ? 1 : 0];
      const looks = tables.map((table) => `execute ${guard} (${quoteLiteral(table)})`);
      if (tables.length > 0) {
        used.add(guard);
      }
      const guards = [lockSql(tables, isWrite), PLAN_ONCE, ...looks, PLAN_AS_EVER];
      return [statement, tables.length > 0 ? guards : []];
    }),
  );
  return {
    prepare: names.filter((name) => used.has(name)).map((name) => guardSql(name, name === names[1])),
    of: (statement) => sent.get(statement) ?? [],
    forget: [...used].map((name) => `deallocate ${name}`),
  };
}

/** The names of tables that are known to hold rows, as the server has counted them; it takes no locks. */
export async function namesOfFilledTables(session: Session): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(`
    select distinct relname as name
      from pg_catalog.pg_class
     where relkind = 'r'
       and relnamespace is distinct from pg_catalog.to_regnamespace('plinth')
       and (reltuples > 0 or pg_catalog.pg_stat_get_live_tuples(oid) > 0)`);
  return rows.map(({ name }) => name);
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

/**
 * The name of the table resolves as it will in the statement. Whether it holds rows is told by the size of its file, as
 * no prepared statement can look into any table: one whose rows are gone is taken for one that holds some.
 */
function guardSql(name: string, isWrite: boolean): string {
  return `prepare ${name} (pg_catalog.regclass) as
    select (case when not ${isOrdinary('$1', isWrite)}
      or not exists (
        select from pg_catalog.pg_class as c
        join pg_catalog.pg_am as m on m.oid = c.relam and m.amname = 'heap'
        where c.oid = $1 and pg_catalog.pg_relation_size($1, 'main') = 0)
      ${isWrite ? '' : `or ${usedItsSequence('$1')}`} then 'the table holds data' else '0' end)::pg_catalog.int4`;
}

function namesOf(tables: readonly RelationName[]): readonly string[] {
  return [...new Set(tables.map(({ schema, name }) => qualifiedName(schema, name)))];
}

/**
 * Whether the statement finds nothing that it could destroy: its tables are locked then, until the transaction ends.
 * False, too, where that cannot be told so simply.
 * @param as runs the look: as the keeper, where the script may have changed the role
 */
export async function findsNothing(
  session: Session,
  statement: ScriptStatement,
  intent: Intent,
  as: typeof asKeeper,
): Promise<boolean> {
  const isWrite = intent.kind === 'write';
  const names = namesOf(guardedTables(statement, intent) ?? []);
  if (names.length === 0) {
    return false;
  }
  return as(session, async () => {
    const oids = names.map((name) => `pg_catalog.to_regclass(${quoteLiteral(name)})`);
    const ordinary = oids.map((oid) => isOrdinary(oid, isWrite));
    if (!(await isTrue(session, ordinary.join(' and ')))) {
      return false;
    }
    const used = isWrite ? [] : oids.map(usedItsSequence);
    const filled = names.map((name) => `exists (select from only ${name})`);
    let found: string | undefined;
    const look = `select ${ordinary.join(' and ')} and not (${[...filled, ...used].join(' or ')})`;
    await session.run(`${lockSql(names, isWrite)};\n${look}`, (_, value) => {
      found = value;
    });
    return found === 't';
  });
}

async function isTrue(session: Session, condition: string): Promise<boolean> {
  const [row] = await session.query<{ found: boolean }>(`select ${condition} as found`);
  return row?.found === true;
}

function lockSql(names: readonly string[], isWrite: boolean): string {
  const mode = isWrite ? 'share row exclusive' : 'access exclusive';
  return `lock table ${names.map((name) => `only ${name}`).join(', ')} in ${mode} mode`;
}

/**
 * Whether it is there, and a table of its own: partitions, tables that others inherit, and those whose rows a policy may
 * hide are left to the keeper. For a statement that writes, also whether that runs no code.
 */
function isOrdinary(oid: string, isWrite: boolean): string {
  const code = `
        and not c.relhasrules
        and not exists (select from pg_catalog.pg_trigger as t where t.tgrelid = c.oid and not t.tgisinternal)`;
  return `exists (
      select from pg_catalog.pg_class as c
      where c.oid = ${oid}
        and c.relkind = 'r' and not c.relispartition and not c.relhassubclass and not c.relrowsecurity${isWrite ? code : ''})`;
}

/** What is lost with a table or a column, beside rows: the position of a sequence that was used. */
function usedItsSequence(oid: string): string {
  return `exists (
      select from pg_catalog.pg_depend as d
      join pg_catalog.pg_class as s on s.oid = d.objid
      where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
        and d.refobjid = ${oid}
        -- In this order: the function fails on what is no sequence.
        and case when s.relkind = 'S' then pg_catalog.pg_sequence_last_value(s.oid) is not null end)`;
}
