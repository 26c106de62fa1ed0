/** What is set up around a statement before it runs: copies, notes, and triggers that tell what it writes. */
import type { Session } from '../../database/index.js';
import type { ScriptStatement } from '../run/script.js';
import { startCapture } from './capture.js';
import type { Capture, Triggers } from './capture-handle.js';
import type { Copy } from './copied-rows.js';
import { type FollowedRows, startFollowing } from './follow-types.js';
import type { GuardPlan } from './guard-plan.js';
import { type Intent, intentOf } from './intents.js';
import type { KeepScope } from './keep-scope.js';
import { keepSequence } from './keep-sequence.js';
import { keepView } from './keep-view.js';
import { nameOf } from './layout.js';
import { copyTable } from './move-table.js';
import { watchInserts } from './own-rows.js';
import { type Snapshot, takeSnapshot } from './snapshot.js';
import { readTables, readTablesBelow, type TableFacts } from './table-facts.js';
import { startCopy } from './whole.js';
import { readInserted } from './written.js';

/** What is set up, and how things stand. */
export interface Started {
  readonly statement: number;
  readonly captures: readonly Capture[];
  readonly copies: readonly Copy[];
  readonly followed: readonly FollowedRows[];
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

/** Called after the savepoint that the statement may be undone to. */
export async function startGuard(
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
  const followed: FollowedRows[] = [];
  for (const table of copied) {
    const [numbers, remade] = [plan.copied.get(table.oid), plan.remade.get(table.oid)];
    followed.push(...(await startFollowing(session, scope, table, remade?.retyped ?? [])));
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
  const inserted = later.length + followed.length > 0 ? await readInserted(session) : undefined;
  return { statement, captures, copies, followed, watched, covered, catalogue, written, inserted, later };
}

/** Whether there may be something in the table that is somebody's. */
export function isKeepable({ kind, isNew, isTemporary }: TableFacts): boolean {
  return kind === 'r' && !isNew && !isTemporary;
}

export async function lock(session: Session, tables: readonly TableFacts[], mode: string): Promise<void> {
  if (tables.length > 0) {
    await session.run(
      `lock table ${tables.map((table) => `only ${nameOf(table)}`).join(', ')} in ${mode} mode`,
    );
  }
}
