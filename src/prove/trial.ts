/**
 * The proof of one migration, on a database that stands just before it and has rows in every table: up, more rows,
 * down, up again, with schema and rows compared after each step; then both scripts cut off at each statement.
 */
import { diff } from '../catalog/index.js';
import { type Database, type Session, withSession } from '../database/index.js';
import { keyOf, type Migration, type PlannedMigration } from '../migrate/index.js';
import type { SchemaModel } from '../schema/index.js';
import { displacedRows, type RowsAround } from './displaced-rows.js';
import { sequencesSetBack } from './fingerprint/beside-rows.js';
import { type CapturedRows, captureRows } from './fingerprint/capture-rows.js';
import { cutOff, differs } from './interrupt/cut-off.js';
import { type InterruptedScript, interruptEach } from './interrupt/interruptions.js';
import { type MeasuredRun, runMeasured } from './measured-run.js';
import type { Interruptions, ProofData, ProofReason, ProvenScript, RowLoss } from './proof.js';
import { failureReason, saying } from './reasons.js';
import { compareRows } from './row-comparison.js';
import { rowsBetween, tablesWithSameKey } from './rows-between.js';
import { areDoneAgain } from './rows-done-again.js';
import { schemaDifferences } from './schema-differences.js';
import type { ScratchEngine } from './scratch-engine.js';
import { type Snapshot, snapshotAfterWrites, takeSnapshot } from './snapshot.js';
import { parentsOfGone, touchedTables } from './touched-tables.js';
import {
  besideRowsReasons,
  declaredLosses,
  displacedRemark,
  isNewColumnNotNull,
  keptRemark,
  rowReasons,
  triggerRemark,
  unfilledReasons,
  wayBackMissing,
} from './trial-reasons.js';
import type { TrialSetting } from './trial-setting.js';
import { writtenByTriggers } from './written-by-triggers.js';

export interface Trial {
  /** The up fails on whatever row there is: it adds a column that must not be null and gives it no value. */
  readonly refusesAnyRow: boolean;
  readonly reasons: readonly ProofReason[];
  /** Worth knowing, and nothing against it. */
  readonly remarks: readonly string[];
  readonly up: ProvenScript | undefined;
  readonly down: ProvenScript | undefined;
  readonly data: ProofData;
  readonly keptTables: number;
  readonly interruptions: Interruptions;
  /** The schema before the up and after it: what a down has to bridge. */
  readonly before: SchemaModel;
  readonly after: SchemaModel | undefined;
  /** The schema after the rollback. */
  readonly back: SchemaModel | undefined;
  /** What the database is, where the migration stands applied in it as if nothing else had been done. */
  readonly end?: Snapshot | undefined;
}

export async function tryMigration(setting: TrialSetting): Promise<Trial> {
  return await withSession(setting.database, async (session) => {
    const cycle = await runCycle(setting, session);
    if (cycle.reasons.some(({ kind }) => STOPS.has(kind)) || !cycle.after) {
      return cycle.trial(cycle.inPassing ?? { tried: 0, statements: 0 }, []);
    }
    if (cycle.inPassing) {
      return { ...cycle.trial(cycle.inPassing, []), end: endOf(cycle) };
    }
    const { tried, reasons } = await cutOff(setting, session, { ...cycle, after: cycle.after });
    const isLeft = !cycle.back && reasons.length === 0;
    return { ...cycle.trial(tried, reasons), end: isLeft ? endOf(cycle) : undefined };
  });
}

/** The database as it was found last, where it is as the history would have it, the order of columns included. */
function endOf({ after, back, last, reasons }: Cycle): Snapshot | undefined {
  if (!after || reasons.some(({ breaks }) => breaks)) {
    return undefined;
  }
  if (!back) {
    return after;
  }
  return last && diff(after.schema, last.schema).isEmpty ? last : undefined;
}

/** After these there is nothing to be cut off and finished. */
const STOPS: ReadonlySet<ProofReason['kind']> = new Set([
  'up-fails',
  'up-refuses-rows',
  'down-fails',
  'reapply-fails',
]);

interface Cycle {
  readonly before: Snapshot;
  /** After the first apply. */
  readonly after: Snapshot | undefined;
  /** After the rollback, and after the second apply; absent where there is no way back. */
  readonly back: Snapshot | undefined;
  readonly reapplied: Snapshot | undefined;
  /** The scripts as they were planned. */
  readonly up: PlannedMigration | undefined;
  readonly down: PlannedMigration | undefined;
  readonly reasons: readonly ProofReason[];
  /** Where the scripts were cut off on the way. */
  readonly inPassing: Interruptions | undefined;
  /** As the database was found last, applied; it may have been rolled back and applied once more to look for rows. */
  readonly last: Snapshot | undefined;
  trial(interruptions: Interruptions, more: readonly ProofReason[]): Trial;
}

async function runCycle(setting: TrialSetting, session: Session): Promise<Cycle> {
  const { engine, migration, filler, database, unpooled } = setting;
  const reasons: ProofReason[] = [];
  const remarks: string[] = [];
  const before = setting.before ?? (await takeSnapshot(session));
  const up = await runMeasured({ engine, database, session, migration, direction: 'up' });
  let cells = 0;
  let written = 0;
  let down: MeasuredRun | undefined;
  let keptTables = 0;
  let back: Snapshot | undefined;
  let reapplied: Snapshot | undefined;
  let inPassing: Interruptions | undefined;
  let last: Snapshot | undefined;
  const cutOffBefore = async (
    direction: 'up' | 'down',
    planned: PlannedMigration | undefined,
  ): Promise<InterruptedScript> => {
    const mostPlaces = setting.placesPerScript;
    const place = { engine, database, unpooled, session, migration };
    const cut = await interruptEach({ ...place, direction, planned, mostPlaces });
    inPassing = {
      tried: (inPassing?.tried ?? 0) + cut.tried,
      statements: (inPassing?.statements ?? 0) + cut.statements,
    };
    return cut;
  };
  const result = (after: Snapshot | undefined): Cycle => ({
    before,
    after,
    back,
    reapplied,
    up: up.planned,
    down: down?.planned,
    reasons,
    inPassing,
    last,
    trial: (interruptions, more) => ({
      refusesAnyRow: isNewColumnNotNull(up.failure, before),
      reasons: [...reasons, ...more],
      remarks,
      up: up.script,
      down: down?.script,
      data: {
        tables: before.rows.tables.length,
        rows: rowCount(before),
        rowsWritten: written,
        cellsCompared: cells,
        unfilled: setting.unfilled,
      },
      keptTables,
      interruptions,
      before: before.schema,
      after: after?.schema,
      back: back?.schema,
    }),
  });
  if (up.failure !== undefined) {
    reasons.push(failureReason('up-fails', up.failure));
    return result(undefined);
  }
  const after = await takeSnapshot(session);
  reasons.push(...unfilledReasons(setting.unfilled, before, after, up));
  const noWayBack = wayBackMissing(migration);
  if (noWayBack) {
    reasons.push(noWayBack);
    return result(after);
  }
  keptTables = await countKeptTables(session, migration);
  const places = {
    schema: after.schema,
    tables: touchedTables(before, after, up.script),
    touched: tablesToTouch(before, after),
  };
  const then = await snapshotAfterWrites(session, after, () => filler.write(session, places, setting.writes));
  const between = rowsBetween(before.rows, after.rows, then.rows);
  written = [...between.written.values()].reduce((sum, rows) => sum + rows, 0);

  const planned = (await engine.plan(database, migration, 'down')).migrations[0];
  const cutsOff = setting.cutsOffInPassing && canBeCutOff(up.planned) && canBeCutOff(planned);
  const undone = cutsOff ? await cutOffBefore('down', planned) : undefined;
  if (isDone(undone)) {
    reasons.push(differs('down', 'is done before its end', []));
    return result(after);
  }
  down = await runMeasured({ engine, database, session, migration, direction: 'down', planned });
  if (down.failure !== undefined) {
    reasons.push(failureReason('down-fails', down.failure));
    return result(after);
  }
  reasons.push(...failedOnce('down', undone));
  keptTables = Math.max(keptTables, await countKeptTables(session, migration));
  back = await takeSnapshot(session);
  const madeByWrites = new Set(schemaDifferences(after, then).map(({ object }) => object));
  const differences = schemaDifferences(before, back).filter(({ object }) => !madeByWrites.has(object));
  if (differences.length > 0) {
    reasons.push({
      kind: 'schema-differs',
      breaks: true,
      message: 'The rollback leaves another schema than there was before.',
      differences,
    });
  }
  const declared = declaredLosses(migration);
  const rolledBack = compareRows(between.untouched, back.rows, between.writtenAsBefore);
  cells += rolledBack.cellsCompared;
  const displaced = await displacedFrom(setting, session, 'up', rolledBack.losses, {
    wanted: between.untouched,
    after: after.rows,
    found: back.rows,
    schema: back.schema,
  });
  remarks.push(...[...displaced].map(([{ table }, rows]) => displacedRemark('up', table, rows)));
  const lost = rolledBack.losses.filter((loss) => !displaced.has(loss));
  const isByTriggers = writtenByTriggers([up.planned, planned], before.schema);
  const noted = rolledBack.extras.filter(({ table }) => isByTriggers(table));
  remarks.push(...noted.map((rows) => triggerRemark('the rollback', rows)));
  reasons.push(
    ...rowReasons('rows-lost', lost, declared.length === 0),
    ...rowReasons(
      'rows-left',
      rolledBack.extras.filter(({ table }) => !isByTriggers(table)),
    ),
    ...besideRowsReasons('After the rollback', before.rows, back.rows, declared.length === 0),
  );

  const redone = cutsOff ? await cutOffBefore('up', up.planned) : undefined;
  if (isDone(redone)) {
    reasons.push(differs('up', 'is done before its end', []));
    return result(after);
  }
  const failure = await failureOfApply(engine, database, migration);
  if (failure !== undefined) {
    reasons.push(failureReason('reapply-fails', failure));
    return result(after);
  }
  reasons.push(...failedOnce('up', redone));
  reapplied = await takeSnapshot(session);
  last = reapplied;
  const reapplyDifferences = schemaDifferences(then, reapplied);
  if (reapplyDifferences.length > 0) {
    reasons.push({
      kind: 'reapply-schema-differs',
      breaks: true,
      message: 'The second apply makes another schema than the first.',
      differences: reapplyDifferences,
    });
  }
  const compared = compareRows(then.rows, reapplied.rows, between.gone);
  cells += compared.cellsCompared;
  const isMissed = compared.losses.length > 0;
  const hasComeBack = isMissed && (await comeBack(setting, session, back.rows));
  if (isMissed) {
    last = hasComeBack && setting.cutsOffInPassing ? await takeSnapshot(session) : undefined;
  }
  const madeAnew = await displacedFrom(setting, session, 'down', compared.losses, {
    wanted: then.rows,
    after: back.rows,
    found: reapplied.rows,
    schema: reapplied.schema,
  });
  remarks.push(...[...madeAnew].map(([{ table }, rows]) => displacedRemark('down', table, rows)));
  const around = { after: after.rows, written: then.rows, back: back.rows, reapplied: reapplied.rows };
  const doneAgain =
    hasComeBack && declared.length === 0
      ? compared.losses.filter((loss) => !madeAnew.has(loss) && areDoneAgain(loss, around))
      : [];
  if (doneAgain.length > 0) {
    keptTables = Math.max(keptTables, 1);
    remarks.push(...doneAgain.map(keptRemark));
  }
  const notedThen = compared.extras.filter(
    ({ table }) => isByTriggers(table) && !noted.some((one) => one.table === table),
  );
  remarks.push(...notedThen.map((rows) => triggerRemark('the second apply', rows)));
  reasons.push(
    ...rowReasons(
      'reapply-rows-lost',
      compared.losses.filter((loss) => !doneAgain.includes(loss) && !madeAnew.has(loss)),
      declared.length === 0,
    ),
    ...rowReasons(
      'reapply-rows-doubled',
      compared.extras.filter(({ table }) => !isByTriggers(table)),
    ),
    ...besideRowsReasons(
      'After the second apply',
      then.rows,
      reapplied.rows,
      declared.length === 0,
      setBackBy(before, after),
    ),
  );
  const isElseLost = reasons.some(({ kind }) => kind === 'sequence-set-back' || kind === 'view-emptied');
  if (lost.length + compared.losses.length > 0 || isElseLost) {
    reasons.push(...declared);
  }
  return result(after);
}

/** The sequences that the up sets back: it does so each time. */
function setBackBy({ rows: before }: Snapshot, { rows: after }: Snapshot): readonly string[] {
  return before.beside && after.beside ? sequencesSetBack(before.beside, after.beside) : [];
}

function isDone(cut: InterruptedScript | undefined): boolean {
  return cut?.isDone === true && cut.failure === undefined;
}

/** A script that failed before it could be cut off, and then ran. */
function failedOnce(direction: 'up' | 'down', cut: InterruptedScript | undefined): readonly ProofReason[] {
  return cut?.failure === undefined
    ? []
    : [differs(direction, `does not get to its end: ${saying(cut.failure)}`, [])];
}

/** The losses of tables whose rows are all in kept data, because rows written since have their keys; with their number. */
async function displacedFrom(
  { migration }: TrialSetting,
  session: Session,
  /** The script that has destroyed them. */
  direction: 'up' | 'down',
  losses: readonly RowLoss[],
  around: RowsAround,
): Promise<ReadonlyMap<RowLoss, number>> {
  if (losses.length === 0) {
    return new Map();
  }
  const kept = await session.query<{ table: string; rows: number }>(
    `select schema_name || '.' || relation_name as table, sum(unplaced)::float8 as rows
       from plinth.kept where version = $1 and direction = $2 group by 1`,
    [keyOf(migration), direction],
  );
  const unplaced = new Map(kept.map((each) => [each.table, each.rows]));
  return new Map(
    losses.flatMap((loss) => {
      const rows = displacedRows(loss, around);
      return rows !== undefined && rows <= (unplaced.get(loss.table) ?? 0) ? [[loss, rows] as const] : [];
    }),
  );
}

/** Whether what the second apply took away is there again after a second rollback: then it is in kept data. */
async function comeBack(
  { engine, database, migration }: TrialSetting,
  session: Session,
  wanted: CapturedRows,
): Promise<boolean> {
  try {
    await engine.rollback(database, migration);
    const { losses } = compareRows(wanted, await captureRows(session));
    await engine.apply(database, [migration]);
    return losses.length === 0;
  } catch {
    return false;
  }
}

async function failureOfApply(
  engine: ScratchEngine,
  database: Database,
  migration: Migration,
): Promise<unknown> {
  try {
    await engine.apply(database, [migration]);
    return undefined;
  } catch (error) {
    return error ?? new Error('no reason was given');
  }
}

/** Tables of which rows may be changed and deleted: each row is told again, and what refers to it is there. */
function tablesToTouch(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  const parents = parentsOfGone(before, after);
  return new Set([...tablesWithSameKey(before.rows, after.rows)].filter((name) => !parents.has(name)));
}

/** A script that is more than one transaction goes on where it was cut off: then the next run is not all of it. */
function canBeCutOff(planned: PlannedMigration | undefined): boolean {
  return planned?.atomic === true && planned.statements.length > 0;
}

function rowCount({ rows }: Snapshot): number {
  return rows.tables.reduce((sum, table) => sum + table.rows.length, 0);
}

/** Of the migration: others before it may have kept data, too. */
async function countKeptTables(session: Session, migration: Migration): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `select count(*) filter (where kept_table is not null or kind = 'sequence')::int as count
       from plinth.kept where version = $1`,
    [keyOf(migration)],
  );
  return row!.count;
}
