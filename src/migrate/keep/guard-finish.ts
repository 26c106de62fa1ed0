/** What a statement has done to data, once it has run: all of it is kept, or the statement must run again. */
import type { Session } from '../../database/index.js';
import { endCapture } from './capture.js';
import { endFollowing } from './follow-types.js';
import { type GuardPlan, learn } from './guard-plan.js';
import { isKeepable, type Started } from './guard-start.js';
import type { KeepScope } from './keep-scope.js';
import { keepSequence } from './keep-sequence.js';
import { nameOf } from './layout.js';
import { columnsMadeOf } from './made-of.js';
import { computesValues } from './opposite.js';
import { endWatching, mayReach } from './own-rows.js';
import { type Loss, lossBetween, type Snapshot, takeSnapshot } from './snapshot.js';
import { readTables, readTablesBelow, type TableFacts } from './table-facts.js';
import { findByName } from './target.js';
import { endCopy } from './whole.js';
import { readInserted, rowsOf } from './written.js';

/** @returns the tables of which something was lost that is not kept; the plan then has them */
export async function finishGuard(
  session: Session,
  scope: KeepScope,
  plan: GuardPlan,
  started: Started,
  written: ReadonlyMap<number, number>,
): Promise<string[]> {
  const inserted = started.inserted ? await readInserted(session) : new Map<number, number>();
  const missed = [
    ...(await writtenBeside(session, plan, started, written)),
    ...(await insertedInto(session, plan, started, inserted)),
  ];
  const catalogue = started.catalogue && (await takeSnapshot(session));
  const loss = started.catalogue && catalogue && lossBetween(started.catalogue, catalogue);
  for (const [oid, position] of loss?.setBack ?? []) {
    plan.setBack.set(oid, plan.setBack.get(oid) ?? position);
  }
  const lost = loss
    ? learn(
        plan,
        { ...loss, retyped: await riskyTypes(session, scope, loss) },
        started.catalogue!,
        await columnsMadeOf(session, loss.types),
      )
    : [];
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
  await endFollowing(
    session,
    started.followed,
    (oid) =>
      rowsOf(written, oid) > rowsOf(started.written, oid) ||
      rowsOf(inserted, oid) > rowsOf(started.inserted!, oid),
  );
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

/** Tables of which rows were written that nothing has told; the plan then has them. */
async function writtenBeside(
  session: Session,
  plan: GuardPlan,
  started: Started,
  written: ReadonlyMap<number, number>,
): Promise<readonly TableFacts[]> {
  const uncovered = [...written]
    .filter(([oid, rows]) => rows > rowsOf(started.written, oid) && !started.covered.has(oid))
    .map(([oid]) => oid);
  const missed = (await readTables(session, uncovered)).filter(isKeepable);
  for (const table of missed) {
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
  return missed;
}

/** Columns that have other types, where their values are others too or may be after the opposite script. */
async function riskyTypes(
  session: Session,
  scope: KeepScope,
  { retyped, rewritten }: Loss,
): Promise<Loss['retyped']> {
  const asWere = [...retyped.keys()].filter((oid) => !rewritten.includes(oid));
  const risky = new Map(retyped);
  for (const { oid, columns } of await readTables(session, asWere)) {
    const names = columns.filter(({ number }) => retyped.get(oid)!.includes(number)).map(({ name }) => name);
    if (!(await computesValues(scope.oppositeText, names))) {
      risky.delete(oid);
    }
  }
  return risky;
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
  now: ReadonlyMap<number, number>,
): Promise<readonly TableFacts[]> {
  const known = new Set(watched.map(({ table }) => table.oid));
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
