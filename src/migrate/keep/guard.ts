/**
 * Runs a statement so that what it writes is kept, whatever it turns out to write. What is known beforehand is
 * captured. Afterwards the server's own counts of updated and deleted rows, and for code that is not looked into the
 * catalogue too, tell whether anything else was lost: then the statement is undone and runs again, with that kept.
 */
import { type Session, sqlstateOf } from '../../database/index.js';
import type { StatementOutcome } from '../run/context.js';
import { PartFailure } from '../run/message.js';
import type { ScriptStatement } from '../run/script.js';
import { endCapture, startCapture } from './capture.js';
import type { Capture, Triggers } from './capture-handle.js';
import type { Copy } from './copied-rows.js';
import { FIRE_DEFERRED } from './deferred.js';
import { type GuardPlan, learn } from './guard-plan.js';
import { type Intent, intentOf } from './intents.js';
import type { KeepScope } from './keep-scope.js';
import { keepSequence } from './keep-sequence.js';
import { keepView } from './keep-view.js';
import { nameOf } from './layout.js';
import { columnsMadeOf } from './made-of.js';
import { copyTable } from './move-table.js';
import { NetFailure } from './net.js';
import { endWatching, mayReach, watchInserts } from './own-rows.js';
import { asKeeper } from './own-settings.js';
import { dataNotKept } from './refuse.js';
import { releaseTypes } from './release-types.js';
import { lossBetween, type Snapshot, takeSnapshot } from './snapshot.js';
import { readTables, readTablesBelow, type TableFacts } from './table-facts.js';
import { findByName } from './target.js';
import { removeTriggers } from './triggers.js';
import { endCopy, startCopy } from './whole.js';
import { account, readInserted, readWritten, rowsOf, unaccountedOf } from './written.js';

/** The relation of their pages, pg_largeobject, in every database. */
const LARGE_OBJECTS = 2613;

/** How often a statement is undone to keep what it was seen to destroy. */
const MOST_TRIES = 6;

/** @param refuse gives the error for what still is not kept after so many tries */
export async function runGuarded(
  session: Session,
  scope: KeepScope,
  statement: ScriptStatement,
  plan: GuardPlan,
  send: () => Promise<StatementOutcome[]>,
  refuse: (tables: readonly string[]) => Error,
): Promise<StatementOutcome[]> {
  let written = await readWritten(session);
  const unaccounted = unaccountedOf(scope, written);
  let isReleased = false;
  for (let tries = 1; ; tries += 1) {
    const keptBefore = scope.kept.length;
    const ownBefore = [...scope.own];
    await session.run('savepoint plinth_statement');
    // To look at the catalogue and the counts takes none of the keeper's settings.
    const looksOnly =
      plan.inserted.size + plan.gone.size + plan.captured.size + plan.copied.size + plan.noted.size === 0;
    const as = <T>(work: () => Promise<T>): Promise<T> => (looksOnly ? work() : asKeeper(session, work));
    const before = written;
    const started = await as(() => start(session, scope, statement, plan, before));
    const undo = async (): Promise<void> => {
      await session.run('rollback to savepoint plinth_statement; release savepoint plinth_statement');
      scope.kept.splice(keptBefore);
      scope.own.clear();
      for (const [oid, own] of ownBefore) {
        scope.own.set(oid, own);
      }
      removeStanding(scope, [...started.captures, ...started.watched]);
    };
    let outcomes: StatementOutcome[];
    try {
      outcomes = await send();
    } catch (error) {
      if (isReleased || !plan.watchesCatalogue || !isTypeInUse(error)) {
        throw error;
      }
      await undo();
      await asKeeper(session, () => releaseTypes(session));
      isReleased = true;
      continue;
    }
    written = await readWritten(session);
    const after = written;
    if (rowsOf(after, LARGE_OBJECTS) > rowsOf(before, LARGE_OBJECTS)) {
      const why = 'no trigger can tell what was in them';
      throw dataNotKept(scope, statement, ['large objects'], why, 'nothing else helps');
    }
    const missed = await as(() => finish(session, scope, plan, started, after));
    if (missed.length === 0) {
      await session.run('release savepoint plinth_statement');
      account(scope, after, unaccounted);
      return outcomes;
    }
    if (tries === MOST_TRIES) {
      throw refuse(missed);
    }
    await undo();
  }
}

/** Whether code cannot drop something, as it cannot drop a type of which values are kept. */
function isTypeInUse(error: unknown): boolean {
  return error instanceof PartFailure && sqlstateOf(error.cause) === '2BP01';
}

function removeStanding(scope: KeepScope, put: readonly Triggers[]): void {
  for (const { prefix } of put) {
    const index = scope.standing.findIndex((each) => each.prefix === prefix);
    if (index >= 0) {
      scope.standing.splice(index, 1);
    }
  }
}

interface Started {
  readonly statement: number;
  readonly captures: readonly Capture[];
  readonly copies: readonly Copy[];
  /** Triggers that tell what code inserts. */
  readonly watched: readonly Triggers[];
  /** Tables of which every written row is kept. */
  readonly covered: ReadonlySet<number>;
  readonly written: ReadonlyMap<number, number>;
  readonly catalogue: Snapshot | undefined;
  /** Rows by table that were inserted before, where a later statement may destroy what this one inserts. */
  readonly inserted: ReadonlyMap<number, number> | undefined;
  /** What later statements of the transaction are kept for. */
  readonly later: readonly Intent[];
}

async function start(
  session: Session,
  scope: KeepScope,
  { index: statement }: ScriptStatement,
  plan: GuardPlan,
  written: ReadonlyMap<number, number>,
): Promise<Started> {
  const following = scope.statements.filter(({ index }) => index > statement);
  const later = plan.watchesCatalogue ? following.flatMap((each) => intentOf(each) ?? []) : [];
  const gone = (await readTables(session, [...plan.gone])).filter(isKeepable);
  const copied = (await readTables(session, [...plan.copied.keys()])).filter(
    (table) => !plan.gone.has(table.oid) && isKeepable(table),
  );
  const captured = (await readTables(session, [...plan.captured])).filter(
    (table) =>
      !plan.gone.has(table.oid) && !plan.copied.has(table.oid) && (isKeepable(table) || table.kind === 'p'),
  );
  await lock(session, [...gone, ...copied], 'share row exclusive');
  const catalogue = plan.watchesCatalogue ? await takeSnapshot(session) : undefined;
  for (const table of gone) {
    await copyTable(session, scope, statement, table);
  }
  const copies: Copy[] = [];
  for (const table of copied) {
    const [numbers, remade] = [plan.copied.get(table.oid), plan.remade.get(table.oid)];
    copies.push(await startCopy(session, scope, statement, table, { numbers, remade }));
  }
  for (const noted of await readTables(session, [...plan.noted])) {
    if (noted.kind === 'S' && !noted.isNew) {
      await keepSequence(session, scope, statement, noted, undefined);
    } else if (noted.kind === 'm') {
      await keepView(session, scope, statement, noted);
    }
  }
  const captures: Capture[] = [];
  for (const table of captured) {
    captures.push(await startCapture(session, scope, statement, table, plan.unkept.get(table.oid) ?? []));
  }
  const watched: Triggers[] = [];
  const inserting = (await readTables(session, [...plan.inserted])).filter(
    ({ oid }) => !captured.some((table) => table.oid === oid),
  );
  for (const table of plan.watchesCatalogue ? [...captured, ...inserting] : []) {
    watched.push(...(await watchInserts(session, scope, statement, table)));
  }
  const covered = new Set([...plan.gone, ...plan.copied.keys(), ...plan.captured, ...plan.unkept.keys()]);
  // Code may write partitions by their own names, of which the triggers of their table hear nothing.
  const below = plan.watchesCatalogue ? [] : await readTablesBelow(session, [...plan.captured]);
  for (const { oid } of below) {
    covered.add(oid);
  }
  const inserted = later.length > 0 ? await readInserted(session) : undefined;
  return { statement, captures, copies, watched, covered, catalogue, written, inserted, later };
}

/** @returns the tables of which something was lost that is not kept; the plan then has them */
async function finish(
  session: Session,
  scope: KeepScope,
  plan: GuardPlan,
  started: Started,
  written: ReadonlyMap<number, number>,
): Promise<string[]> {
  const missed: TableFacts[] = [];
  const uncovered = [...written]
    .filter(([oid, rows]) => rows > rowsOf(started.written, oid) && !started.covered.has(oid))
    .map(([oid]) => oid);
  for (const table of (await readTables(session, uncovered)).filter(isKeepable)) {
    missed.push(table);
    if (table.isPartition && plan.watchesCatalogue) {
      const above = await session.query<{ oid: number }>(
        'select relid::oid::int8::float8 as oid from pg_catalog.pg_partition_ancestors($1::oid::regclass)',
        [table.oid],
      );
      for (const { oid } of above) {
        plan.captured.add(oid);
      }
    } else if (table.parents.length > 0) {
      plan.copied.set(table.oid, undefined);
    } else {
      plan.captured.add(table.oid);
    }
  }
  missed.push(...(await insertedInto(session, plan, started)));
  const catalogue = started.catalogue && (await takeSnapshot(session));
  const loss = started.catalogue && catalogue && lossBetween(started.catalogue, catalogue);
  for (const [oid, position] of loss?.setBack ?? []) {
    plan.setBack.set(oid, plan.setBack.get(oid) ?? position);
  }
  const lost = loss ? learn(plan, loss, started.catalogue!, await columnsMadeOf(session, loss.types)) : [];
  if (missed.length + lost.length > 0) {
    return [...missed.map(nameOf), ...lost];
  }
  if (started.catalogue && catalogue) {
    await noteMade(session, started.catalogue, catalogue);
    await noteSuccessors(session, scope, started.statement);
  }
  await endWatching(session, scope, started.watched);
  for (const capture of started.captures) {
    const rest = await readTables(session, [capture.table.oid]);
    if (rest.length > 0 && (await endCapture(session, scope, capture)) === 'twice') {
      plan.captured.delete(capture.table.oid);
      for (const { oid } of await readTablesBelow(session, [capture.table.oid])) {
        plan.copied.set(oid, undefined);
      }
      missed.push(capture.table);
    }
  }
  if (missed.length > 0) {
    return missed.map(nameOf);
  }
  for (const copy of started.copies) {
    await endCopy(session, scope, copy);
  }
  for (const sequence of await readTables(session, [...plan.setBack.keys()])) {
    if (!sequence.isNew && !sequence.isTemporary) {
      await keepSequence(
        session,
        scope,
        started.statement,
        sequence,
        undefined,
        plan.setBack.get(sequence.oid),
      );
    }
  }
  return [];
}

/** What code has made in place of tables that it dropped, before a later statement gives it another name. */
async function noteSuccessors(session: Session, scope: KeepScope, statement: number): Promise<void> {
  for (const [index, kept] of scope.kept.entries()) {
    if (kept.kind === 'table' && kept.statement === statement) {
      const table = await findByName(session, [kept.last]);
      if (table?.isNew) {
        const numbers = new Map(table.columns.map(({ name, number }) => [name, number]));
        scope.kept[index] = { ...kept, successor: { oid: table.oid, numbers } };
      }
    }
  }
}

/** Tables whose new rows a later statement may destroy, as nobody else's; the plan then has them. */
async function insertedInto(
  session: Session,
  plan: GuardPlan,
  { inserted: before, later, watched, catalogue }: Started,
): Promise<readonly TableFacts[]> {
  const known = new Set(watched.map(({ table }) => table.oid));
  const now = before ? await readInserted(session) : new Map<number, number>();
  const oids = [...now].flatMap(([oid, rows]) =>
    rows > rowsOf(before!, oid) && catalogue?.has(oid) && !known.has(oid) ? oid : [],
  );
  const tables = (await readTables(session, oids)).filter(
    (table) =>
      isKeepable(table) &&
      table.parents.length === 0 &&
      !plan.gone.has(table.oid) &&
      later.some((intent) => mayReach(intent, table)),
  );
  for (const { oid } of tables) {
    plan.inserted.add(oid);
  }
  return tables;
}

/** Until the transaction ends, `readTables` takes what code has made for what it is: nobody else's. */
async function noteMade(session: Session, before: Snapshot, after: Snapshot): Promise<void> {
  const made = [...after.keys()].filter((oid) => !before.has(oid));
  if (made.length > 0) {
    await session.query(
      "select pg_catalog.set_config('plinth.made', pg_catalog.concat_ws(' ', pg_catalog.current_setting('plinth.made', true), $1::text), true)",
      [made.join(' ')],
    );
  }
}

function isKeepable({ kind, isNew, isTemporary }: TableFacts): boolean {
  return kind === 'r' && !isNew && !isTemporary;
}

export async function lock(session: Session, tables: readonly TableFacts[], mode: string): Promise<void> {
  if (tables.length > 0) {
    await session.run(
      `lock table ${tables.map((table) => `only ${nameOf(table)}`).join(', ')} in ${mode} mode`,
    );
  }
}

/** @throws NetFailure when the script has destroyed something beside the statements that were looked after */
export async function checkNet(session: Session, scope: KeepScope): Promise<void> {
  const left = [...unaccountedOf(scope, await readWritten(session))].flatMap(([oid, rows]) =>
    rows > 0 ? oid : [],
  );
  if (left.includes(LARGE_OBJECTS) || (await readTables(session, left)).some(isKeepable)) {
    throw new NetFailure('rows were changed beside the statements that were looked after');
  }
}

/** @throws NetFailure when code has emptied or dropped a table behind statements that only write rows */
export async function checkTables(session: Session, before: Snapshot | undefined): Promise<void> {
  const loss = before && lossBetween(before, await takeSnapshot(session));
  if (loss && loss.relations.length + loss.rewritten.length > 0) {
    throw new NetFailure('tables were emptied or dropped behind statements that write rows');
  }
}

/** Takes off triggers that had to wait for the end of the transaction. */
export async function endStanding(session: Session, scope: KeepScope): Promise<void> {
  if (scope.standing.length === 0) {
    return;
  }
  await session.run(FIRE_DEFERRED);
  for (const capture of scope.standing.splice(0)) {
    await removeTriggers(session, capture);
  }
}
