/** `truncate`: the rows are copied, and where `restart identity` sets sequences back, their positions. */
import type { Session } from '../../database/index.js';
import type { StatementOutcome } from '../run/context.js';
import type { ScriptStatement } from '../run/script.js';
import { lock } from './guard-start.js';
import type { Intent } from './intents.js';
import { addTableItem, endItem, ensureKeptSchema, type KeepScope } from './keep-scope.js';
import { keepSequence } from './keep-sequence.js';
import {
  keptColumn,
  keptTable,
  keptTableName,
  keyExpressions,
  keyOf,
  layoutKey,
  nameOf,
  ROW_HEAD,
  storedValue,
} from './layout.js';
import { forgetOwn } from './own-rows.js';
import { asKeeper } from './own-settings.js';
import { dataNotKept } from './refuse.js';
import { withoutForcedPolicies } from './row-security.js';
import { readTables, readTablesBelow, resolveNames, type TableFacts } from './table-facts.js';

export async function aroundTruncate(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  intent: Extract<Intent, { readonly kind: 'truncate' }>,
  send: () => Promise<StatementOutcome[]>,
): Promise<StatementOutcome[]> {
  const oids = await resolveNames(
    session,
    intent.tables.map(({ table }) => table),
  );
  await asKeeper(session, async () => {
    const named = intent.tables.map(({ withDescendants }, index) => ({ oid: oids[index], withDescendants }));
    const whole = named.flatMap(({ oid, withDescendants }) => (oid && withDescendants ? oid : []));
    const single = named.flatMap(({ oid, withDescendants }) => (oid && !withDescendants ? oid : []));
    const start = [...(await readTablesBelow(session, whole)), ...(await readTables(session, single))];
    const tables = intent.cascade ? await withReferring(session, start) : start;
    const emptied = tables.filter(({ isNew, isTemporary }) => !isNew && !isTemporary);
    const foreign = emptied.filter(({ kind }) => kind === 'f').map(nameOf);
    if (foreign.length > 0) {
      throw dataNotKept(scope, statement, foreign, 'its rows lie on another server');
    }
    await lock(
      session,
      emptied.filter(({ kind }) => kind === 'r'),
      'access exclusive',
    );
    for (const table of emptied) {
      await keepRows(session, scope, statement.index, table);
      for (const sequence of intent.restart ? table.sequences : []) {
        await keepSequence(session, scope, statement.index, sequence, table);
      }
    }
  });
  return send();
}

/** All tables that refer to the emptied ones, at every level, with their partitions. */
async function withReferring(session: Session, start: readonly TableFacts[]): Promise<TableFacts[]> {
  const found = new Map(start.map((table) => [table.oid, table]));
  for (let level = [...found.keys()]; level.length > 0; ) {
    const rows = await session.query<{ oid: number }>(
      `select distinct conrelid::int8::float8 as oid
         from pg_catalog.pg_constraint
        where contype = 'f' and confrelid = any ($1::oid[])`,
      [level],
    );
    const next = await readTablesBelow(
      session,
      rows.map(({ oid }) => oid),
    );
    level = next.filter(({ oid }) => !found.has(oid)).map(({ oid }) => oid);
    for (const table of next) {
      found.set(table.oid, table);
    }
  }
  return [...found.values()];
}

async function keepRows(
  session: Session,
  scope: KeepScope,
  statement: number,
  table: TableFacts,
): Promise<void> {
  if (table.kind !== 'r') {
    return;
  }
  await ensureKeptSchema(session);
  const start = scope.names.atStart(table);
  const named = new Map(start.columns.map((column) => [column.number, column]));
  const added = scope.names.added(table);
  const columns = table.columns.filter(({ isGenerated, name }) => !isGenerated && !added.includes(name));
  const key = keyOf(table, new Set(scope.names.addedNumbers(table)));
  const layout = {
    key: layoutKey(key.columns.map((column) => named.get(column.number) ?? column)),
    isKeyless: key.isKeyless,
    columns: columns.map((column, index) => keptColumn(named.get(column.number) ?? column, `o${index + 1}`)),
  };
  const id = await addTableItem(session, scope, table, { statement, kind: 'rows', layout });
  const kept = keptTableName(id);
  const values = [
    'true as gone',
    ROW_HEAD,
    ...keyExpressions('t', key.columns, key.isKeyless),
    ...columns.map((column, index) => `${storedValue('t', column)} as o${index + 1}`),
  ];
  const rows = await withoutForcedPolicies(session, table, async () => {
    const [copied] = await session.run(
      `create table ${keptTable(kept)} as select ${values.join(', ')} from only ${nameOf(table)} as t`,
    );
    return copied?.rowCount ?? 0;
  });
  await endItem(session, scope, id, rows - (await forgetOwn(session, scope, table, id)));
}
