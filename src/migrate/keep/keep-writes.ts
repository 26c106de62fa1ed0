/** Update, delete, insert … on conflict do update and merge, at any depth, and what foreign keys pass on from them. */
import { readPackageFile } from '../../core/index.js';
import type { Session } from '../../database/index.js';
import type { StatementOutcome } from '../run/context.js';
import type { ScriptStatement } from '../run/script.js';
import { runGuarded } from './guard.js';
import { type GuardPlan, guardPlan } from './guard-plan.js';
import type { Intent, WrittenTable } from './intents.js';
import type { KeepScope } from './keep-scope.js';
import { nameOf } from './layout.js';
import { dataNotKept } from './refuse.js';
import { readTables, readTablesBelow, resolveNames, type TableFacts } from './table-facts.js';

export type WriteIntent = Extract<Intent, { readonly kind: 'write' }>;

export async function aroundWrite(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  intent: WriteIntent,
  send: () => Promise<StatementOutcome[]>,
  watchesCatalogue: boolean,
): Promise<StatementOutcome[]> {
  const plan = { ...(await planOf(session, scope, statement, intent)), watchesCatalogue };
  return runGuarded(session, scope, statement, plan, send, (tables) =>
    dataNotKept(scope, statement, tables, 'it is written in a way that cannot be followed'),
  );
}

async function planOf(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  { tables }: WriteIntent,
): Promise<GuardPlan> {
  const oids = await resolveNames(
    session,
    tables.map(({ table }) => table),
  );
  const unkept = new Map<number, readonly string[]>();
  const plan = guardPlan({ unkept });
  const facts = new Map(
    (
      await readTables(
        session,
        oids.flatMap((oid) => oid ?? []),
      )
    ).map((t) => [t.oid, t]),
  );
  for (const [index, written] of tables.entries()) {
    const table = facts.get(oids[index] ?? -1);
    if (!table || table.isNew || table.isTemporary) {
      continue;
    }
    const added = scope.names.added(table);
    if (written.columns?.length && !table.runsCode && written.columns.every((name) => added.includes(name))) {
      // A new column is filled: what it held before is nobody's.
      if (!plan.captured.has(table.oid)) {
        unkept.set(table.oid, added);
      }
      continue;
    }
    unkept.set(table.oid, added);
    await include(session, scope, statement, plan, table, written);
  }
  return plan;
}

async function include(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  plan: GuardPlan,
  table: TableFacts,
  { columns }: WrittenTable,
): Promise<void> {
  const own = table.kind === 'v' ? await behindView(session, table.oid) : [table.oid];
  const passed = await session.query<{ oid: number }>(readPackageFile('src/migrate/keep/references.sql'), [
    own,
    table.kind === 'v' ? null : (columns ?? null),
  ]);
  for (const target of await readTables(session, [...own, ...passed.map(({ oid }) => oid)])) {
    if (target.kind === 'f') {
      throw dataNotKept(scope, statement, [nameOf(target)], 'its rows lie on another server');
    }
    if (target.isNew || target.isTemporary) {
      continue;
    }
    const hasHeirs = target.kind === 'r' && target.children.length > 0;
    if (hasHeirs || (target.parents.length > 0 && !target.isPartition)) {
      for (const { oid } of await readTablesBelow(session, [target.oid])) {
        plan.copied.set(oid, undefined);
      }
    } else {
      plan.captured.add(target.oid);
    }
  }
}

async function behindView(session: Session, oid: number): Promise<number[]> {
  const rows = await session.query<{ oid: number }>(readPackageFile('src/migrate/keep/view-tables.sql'), [
    [oid],
  ]);
  return rows.map((row) => row.oid);
}
