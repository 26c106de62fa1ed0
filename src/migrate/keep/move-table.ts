/**
 * A table that is about to be dropped, moved away instead: its rows stay where they lie on disk, so the time does not
 * grow with them. It is stripped of all that binds it to other objects, which then can be dropped and made anew.
 */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import { qualifiedName, quoteIdentifier } from '../../sql/index.js';
import { setKeptTable } from './items.js';
import { addTableItem, countItem, ensureKeptSchema, type KeepScope } from './keep-scope.js';
import {
  KEPT_SCHEMA,
  keptColumn,
  keptTable,
  keptTableName,
  keyOf,
  type Layout,
  nameOf,
  storedValue,
} from './layout.js';
import { forgetOwn } from './own-rows.js';
import { withoutForcedPolicies } from './row-security.js';
import type { TableFacts } from './table-facts.js';

/** Tables up to this size are counted; of larger ones the ledger has the server's estimate. */
const COUNTED_BYTES = 4 * 1024 * 1024;

/** Drops what depends on the tables and does not belong to one of them. */
export async function dropDependents(session: Session, tables: readonly TableFacts[]): Promise<void> {
  const commands = await session.query<{ command: string }>(
    readPackageFile('src/migrate/keep/dependents.sql'),
    [tables.map(({ oid }) => oid)],
  );
  if (commands.length > 0) {
    await session.run(commands.map(({ command }) => command).join(';\n'));
  }
}

/** Takes the table from the one that it is a partition of or inherits from. */
export async function leaveParents(session: Session, table: TableFacts): Promise<void> {
  for (const parent of table.parents) {
    await session.run(
      table.isPartition
        ? `alter table ${nameOf(parent)} detach partition ${nameOf(table)}`
        : `alter table ${nameOf(table)} no inherit ${nameOf(parent)}`,
    );
  }
}

/** Moves the table to the schema of kept data. Nothing may depend on it any more. */
export async function moveTable(
  session: Session,
  scope: KeepScope,
  statement: number,
  table: TableFacts,
): Promise<void> {
  await ensureKeptSchema(session);
  const layout = movedLayout(scope, table);
  const id = await addTableItem(session, scope, table, { statement, kind: 'table', layout });
  const kept = keptTableName(id);
  const strip = await session.query<{ command: string }>(readPackageFile('src/migrate/keep/strip.sql'), [
    table.oid,
    session.server.user,
  ]);
  const passing = `${kept}_moving`;
  await session.run(
    [
      ...strip.map(({ command }) => command),
      ...table.sequences.map((sequence) =>
        sequence.isIdentity
          ? ''
          : `drop sequence if exists ${qualifiedName(sequence.schema, sequence.name)} cascade`,
      ),
      `alter table ${nameOf(table)} rename to ${passing}`,
      `alter table ${qualifiedName(table.schema, passing)} set schema ${KEPT_SCHEMA}`,
      `alter table ${qualifiedName(KEPT_SCHEMA, passing)} rename to ${kept}`,
    ]
      .filter((command) => command !== '')
      .join(';\n'),
  );
  await forgetOwn(session, scope, table, id);
  await setKeptTable(session, id, kept, await countRows(session, table, kept));
}

/** Copies a table that code is about to drop, which may read it until then. Nothing is kept of one without rows. */
export async function copyTable(
  session: Session,
  scope: KeepScope,
  statement: number,
  table: TableFacts,
): Promise<void> {
  await ensureKeptSchema(session);
  const layout = movedLayout(scope, table);
  const id = await addTableItem(session, scope, table, { statement, kind: 'table', layout });
  const names = new Set([...layout.key, ...layout.columns].map(({ kept }) => kept));
  const values = table.columns
    .filter(({ name }) => names.has(name))
    .map((column) => `${storedValue('t', column)} as ${quoteIdentifier(column.name)}`);
  await withoutForcedPolicies(session, table, () =>
    session.run(
      `create table ${keptTable(keptTableName(id))} as select ${values.join(', ')} from only ${nameOf(table)} as t`,
    ),
  );
  await forgetOwn(session, scope, table, id);
  await countItem(session, scope, id);
}

/** Makes an empty table of that name for the statement to drop. */
export async function standIn(session: Session, table: TableFacts): Promise<void> {
  const owner =
    table.owner === session.server.user
      ? ''
      : `;alter table ${nameOf(table)} owner to ${quoteIdentifier(table.owner)}`;
  await session.run(`create table ${nameOf(table)} ()${owner}`);
}

/** Its columns lie under their own names; the names to restore by are those that the script began with. */
function movedLayout(scope: KeepScope, table: TableFacts): Layout {
  const start = scope.names.atStart(table);
  const named = new Map(start.columns.map((column) => [column.number, column]));
  const describe = (column: TableFacts['columns'][number]) =>
    keptColumn(named.get(column.number) ?? column, column.name);
  const added = scope.names.addedNumbers(table);
  const key = keyOf(table, new Set(added));
  return {
    key: key.columns.map(describe),
    isKeyless: key.isKeyless,
    columns: table.columns
      .filter(({ isGenerated, number }) => !isGenerated && !added.includes(number))
      .map(describe),
  };
}

async function countRows(session: Session, table: TableFacts, kept: string): Promise<number> {
  const [size] = await session.query<{ bytes: number }>(
    'select pg_catalog.pg_relation_size($1::oid)::float8 as bytes',
    [table.oid],
  );
  if (size!.bytes > COUNTED_BYTES) {
    return Math.max(0, Math.round(table.estimatedRows));
  }
  const [counted] = await session.query<{ rows: number }>(
    `select count(*)::float8 as rows from ${keptTable(kept)}`,
  );
  return counted!.rows;
}
