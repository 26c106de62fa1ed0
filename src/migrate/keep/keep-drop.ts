/**
 * A statement that drops objects. It is tried first, inside a savepoint: so its errors and notices are the server's
 * own, and the catalogue before and after tells exactly what goes with it, whatever took it along. Then tables are
 * moved away, other data is copied, and the statement runs on what is left.
 */
import type { Session } from '../../database/index.js';
import type { StatementOutcome } from '../run/context.js';
import type { ScriptStatement } from '../run/script.js';
import type { Copy } from './copied-rows.js';
import type { Intent } from './intents.js';
import { keepColumns } from './keep-columns.js';
import type { KeepScope } from './keep-scope.js';
import { keepSequence } from './keep-sequence.js';
import { keepView } from './keep-view.js';
import { nameOf } from './layout.js';
import { columnsMadeOf } from './made-of.js';
import { dropDependents, leaveParents, moveTable, standIn } from './move-table.js';
import { asKeeper } from './own-settings.js';
import { releaseTypes } from './release-types.js';
import { type Loss, lossBetween, takeSnapshot } from './snapshot.js';
import { readTables, resolveNames, type TableFacts } from './table-facts.js';
import { endCopy, startCopy } from './whole.js';

export type DropIntent = Extract<Intent, { readonly kind: 'drop' }>;

export async function aroundDrop(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  intent: DropIntent,
  send: () => Promise<StatementOutcome[]>,
): Promise<StatementOutcome[]> {
  const named = (await resolveNames(session, intent.tables)).flatMap((oid) => oid ?? []);
  await asKeeper(session, async () => {
    await lockTables(session, await readTables(session, named));
    await releaseTypesOf(session, intent);
  });
  const loss = await tryOut(session, statement);
  if (loss === undefined || !takesData(loss)) {
    return send();
  }
  const copies: Copy[] = [];
  const moved = await asKeeper(session, async () => {
    const any = await keepLoss(session, scope, statement.index, loss, named);
    copies.push(...(await copyMadeOf(session, scope, statement.index, loss.types)));
    await releaseTypesOf(session, intent);
    return any;
  });
  if (copies.length > 0) {
    const outcomes = await send();
    await asKeeper(session, async () => {
      for (const copy of copies) {
        await endCopy(session, scope, copy);
      }
    });
    return outcomes;
  }
  if (!moved) {
    return send();
  }
  // Its notices were heard when it was tried.
  const [was] = await session.query<{ level: string }>(
    `select pg_catalog.current_setting('client_min_messages') as level`,
  );
  await session.run('set local client_min_messages = error');
  const outcomes = await send();
  await session.query("select pg_catalog.set_config('client_min_messages', $1, true)", [was!.level]);
  return outcomes;
}

/** What the statement takes away; `undefined` when the server refuses it, which it then does once more. */
async function tryOut(session: Session, statement: ScriptStatement): Promise<Loss | undefined> {
  const before = await takeSnapshot(session);
  await session.run('savepoint plinth_trial');
  try {
    await session.run(statement.text);
    return lossBetween(before, await takeSnapshot(session));
  } catch (error) {
    if (!session.isOpen) {
      throw error;
    }
    return undefined;
  } finally {
    if (session.isOpen) {
      await session.run('rollback to savepoint plinth_trial; release savepoint plinth_trial');
    }
  }
}

function takesData({ relations, columns }: Loss): boolean {
  return relations.length + columns.size > 0;
}

/** @returns whether a table was moved, so that the statement meets something else than it did when tried */
async function keepLoss(
  session: Session,
  scope: KeepScope,
  statement: number,
  loss: Loss,
  named: readonly number[],
): Promise<boolean> {
  const gone = await readTables(session, loss.relations);
  const damaged = await readTables(session, [...loss.columns.keys()]);
  await lockTables(session, [...gone, ...damaged]);
  for (const table of damaged) {
    await keepColumns(session, scope, statement, table, new Set(loss.columns.get(table.oid)));
  }
  for (const view of gone.filter(({ kind }) => kind === 'm')) {
    await keepView(session, scope, statement, view);
  }
  for (const sequence of gone.filter(({ kind, isTemporary }) => kind === 'S' && !isTemporary)) {
    const owner = [...gone, ...damaged].find(({ sequences }) =>
      sequences.some(({ oid }) => oid === sequence.oid),
    );
    if (!owner?.isNew) {
      await keepSequence(session, scope, statement, sequence, owner);
    }
  }
  const moving: TableFacts[] = [];
  for (const table of gone.filter(({ kind, isNew, isTemporary }) => kind === 'r' && !isNew && !isTemporary)) {
    if (await holdsRows(session, table)) {
      moving.push(table);
    }
  }
  if (moving.length === 0) {
    return false;
  }
  await dropDependents(
    session,
    gone.filter(({ kind }) => kind === 'r' || kind === 'p'),
  );
  // A new partition goes with its table, which is not moved but dropped.
  const stays = gone.filter((table) => table.kind === 'r' && !moving.includes(table) && !table.isPartition);
  for (const table of [...moving, ...stays]) {
    await leaveParents(session, table);
  }
  for (const table of moving) {
    await moveTable(session, scope, statement, table);
    if (named.includes(table.oid)) {
      await standIn(session, table);
    }
  }
  return true;
}

/** Columns that are made of composite types which are about to lose attributes: their values lose them too. */
async function copyMadeOf(
  session: Session,
  scope: KeepScope,
  statement: number,
  types: readonly number[],
): Promise<Copy[]> {
  const columns = await columnsMadeOf(session, types);
  const tables = await readTables(session, [...columns.keys()]);
  const old = tables.filter(({ isNew, isTemporary }) => !isNew && !isTemporary);
  await lockTables(session, old);
  const copies: Copy[] = [];
  for (const table of old) {
    const numbers = new Set(columns.get(table.oid));
    copies.push(await startCopy(session, scope, statement, table, { numbers }));
  }
  return copies;
}

/** A table without rows is dropped as it is: there is nothing to put back. */
async function holdsRows(session: Session, table: TableFacts): Promise<boolean> {
  const [found] = await session.query<{ any: boolean }>(
    `select exists (select from only ${nameOf(table)}) as any`,
  );
  return found!.any;
}

async function lockTables(session: Session, tables: readonly TableFacts[]): Promise<void> {
  const names = tables
    .filter(({ kind }) => kind === 'r' || kind === 'p')
    .map((table) => `only ${nameOf(table)}`);
  if (names.length > 0) {
    await session.run(`lock table ${names.join(', ')} in access exclusive mode`);
  }
}

/** What drops or changes types of tables, and which names it speaks of. */
const REACHES_TYPES: ReadonlySet<string> = new Set([
  'TYPE',
  'DOMAIN',
  'SCHEMA',
  'EXTENSION',
  'COLLATION',
  'OWNED',
  'ALTER TYPE',
]);

async function releaseTypesOf(session: Session, { what, objects }: DropIntent): Promise<void> {
  if (REACHES_TYPES.has(what)) {
    await releaseTypes(session, objects);
  }
}
