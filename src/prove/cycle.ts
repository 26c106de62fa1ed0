/**
 * The way of one migration, up, more rows, down, up again, with the database taken down after each step. It ends at the
 * first step that does not come to its end; what is found wrong on the way is told, and the way goes on.
 */
import type { Session } from '../database/index.js';
import type { PlannedMigration } from '../migrate/index.js';
import {
  addFindings,
  type Findings,
  judgeReapply,
  judgeRollback,
  noFindings,
  type Places,
} from './cycle-findings.js';
import { type CapturedRows, captureRows } from './fingerprint/capture-rows.js';
import { differs } from './interrupt/cut-off.js';
import { type InterruptedScript, interruptEach } from './interrupt/interruptions.js';
import { countKeptTables } from './kept-of-migration.js';
import { type MeasuredRun, runMeasured } from './measured-run.js';
import type { Interruptions, ProofReason } from './proof.js';
import { failureReason, saying } from './reasons.js';
import { compareRows } from './row-comparison.js';
import { type RowsBetween, rowsBetween, tablesWithSameKey } from './rows-between.js';
import { type Snapshot, snapshotAfterWrites, takeSnapshot } from './snapshot.js';
import { parentsOfGone, touchedTables } from './touched-tables.js';
import { unfilledReasons, wayBackMissing } from './trial-reasons.js';
import type { TrialSetting } from './trial-setting.js';

/** How far it came, and what was found. */
export interface Cycle {
  readonly before: Snapshot;
  readonly up: MeasuredRun;
  /** After the first apply. */
  after?: Snapshot;
  rowsWritten: number;
  /** Absent where there is no way back. */
  down?: MeasuredRun;
  /** After the rollback, and after the second apply. */
  back?: Snapshot;
  reapplied?: Snapshot;
  /** As the database was found last, applied; it may have been rolled back and applied once more to look for rows. */
  last?: Snapshot | undefined;
  /** Where the scripts were cut off on the way. */
  inPassing?: Interruptions;
  keptTables: number;
  findings: Findings;
}

/** @param session on the setting's database, for looking */
export async function runCycle(setting: TrialSetting, session: Session): Promise<Cycle> {
  const { engine, migration, database } = setting;
  const before = setting.before ?? (await takeSnapshot(session));
  const up = await runMeasured({ engine, database, session, migration, direction: 'up' });
  const way: Way = {
    setting,
    session,
    cycle: { before, up, rowsWritten: 0, keptTables: 0, findings: noFindings },
  };
  const applied = await look(way);
  const undone = applied && (await rollBack(way, applied));
  if (undone) {
    await applyAgain(way, undone);
  }
  return way.cycle;
}

/** A cycle under way. */
interface Way {
  readonly setting: TrialSetting;
  readonly session: Session;
  readonly cycle: Cycle;
}

interface Applied {
  readonly after: Snapshot;
  /** With the rows that were written since. */
  readonly then: Snapshot;
  readonly between: RowsBetween;
  /** The down, as it is planned now. */
  readonly planned: PlannedMigration | undefined;
  /** Whether both scripts are cut off on the way. */
  readonly cutsOff: boolean;
}

/** After the first apply: what there is, what is written to it, and how the way goes on. */
async function look({ setting, session, cycle }: Way): Promise<Applied | undefined> {
  const { engine, migration, database, filler } = setting;
  const { before, up } = cycle;
  if (up.failure !== undefined) {
    return stop(cycle, failureReason('up-fails', up.failure));
  }
  const after = await takeSnapshot(session);
  cycle.after = after;
  tell(cycle, unfilledReasons(setting.unfilled, before, after, up));
  const noWayBack = wayBackMissing(migration);
  if (noWayBack) {
    return stop(cycle, noWayBack);
  }
  cycle.keptTables = await countKeptTables(session, migration);
  const places = {
    schema: after.schema,
    tables: touchedTables(before, after, up.script),
    touched: tablesToTouch(before, after),
  };
  const then = await snapshotAfterWrites(session, after, () => filler.write(session, places, setting.writes));
  const between = rowsBetween(before.rows, after.rows, then.rows);
  cycle.rowsWritten = [...between.written.values()].reduce((sum, rows) => sum + rows, 0);
  const planned = (await engine.plan(database, migration, 'down')).migrations[0];
  const cutsOff = setting.cutsOffInPassing && canBeCutOff(up.planned) && canBeCutOff(planned);
  return { after, then, between, planned, cutsOff };
}

async function rollBack(way: Way, applied: Applied): Promise<Undone | undefined> {
  const { setting, session, cycle } = way;
  const { engine, migration, database } = setting;
  const { planned, cutsOff } = applied;
  const cut = cutsOff ? await cutOffBefore(way, 'down', planned) : undefined;
  if (isDone(cut)) {
    return stop(cycle, differs('down', 'is done before its end', []));
  }
  cycle.down = await runMeasured({ engine, database, session, migration, direction: 'down', planned });
  if (cycle.down.failure !== undefined) {
    return stop(cycle, failureReason('down-fails', cycle.down.failure));
  }
  tell(cycle, failedOnce('down', cut));
  cycle.keptTables = Math.max(cycle.keptTables, await countKeptTables(session, migration));
  const back = await takeSnapshot(session);
  cycle.back = back;
  const { before, up } = cycle;
  const places = { ...applied, before, back, scripts: [up.planned, planned] };
  const { findings, hasLost, noted } = await judgeRollback(setting, session, places);
  cycle.findings = addFindings(cycle.findings, findings);
  return { ...applied, places, hasLost, noted };
}

interface Undone extends Applied {
  readonly places: Places;
  /** Whether the rollback has lost something. */
  readonly hasLost: boolean;
  /** Tables whose rows by triggers were told already, by `schema.name`. */
  readonly noted: ReadonlySet<string>;
}

async function applyAgain(way: Way, { places, hasLost, noted, cutsOff }: Undone): Promise<void> {
  const { setting, session, cycle } = way;
  const cut = cutsOff ? await cutOffBefore(way, 'up', cycle.up.planned) : undefined;
  if (isDone(cut)) {
    return stop(cycle, differs('up', 'is done before its end', []));
  }
  const failure = await failureOf(() => setting.engine.apply(setting.database, [setting.migration]));
  if (failure !== undefined) {
    return stop(cycle, failureReason('reapply-fails', failure));
  }
  tell(cycle, failedOnce('up', cut));
  const reapplied = await takeSnapshot(session);
  cycle.reapplied = reapplied;
  const rows = compareRows(places.then.rows, reapplied.rows, places.between.gone);
  cycle.last = reapplied;
  let hasComeBack = false;
  if (rows.losses.length > 0) {
    hasComeBack = await comeBack(setting, session, places.back.rows);
    cycle.last = hasComeBack && setting.cutsOffInPassing ? await takeSnapshot(session) : undefined;
  }
  const judged = await judgeReapply(setting, session, {
    ...places,
    reapplied,
    rows,
    hasComeBack,
    hasLost,
    noted,
  });
  cycle.findings = addFindings(cycle.findings, judged.findings);
  if (judged.isKept) {
    cycle.keptTables = Math.max(cycle.keptTables, 1);
  }
}

function tell(cycle: Cycle, reasons: readonly ProofReason[]): void {
  cycle.findings = addFindings(cycle.findings, { ...noFindings, reasons });
}

/** Tells why the way ends here. */
function stop(cycle: Cycle, reason: ProofReason): undefined {
  tell(cycle, [reason]);
}

async function cutOffBefore(
  { setting, session, cycle }: Way,
  direction: 'up' | 'down',
  planned: PlannedMigration | undefined,
): Promise<InterruptedScript> {
  const { engine, database, unpooled, migration, placesPerScript: mostPlaces } = setting;
  const place = { engine, database, unpooled, session, migration };
  const cut = await interruptEach({ ...place, direction, planned, mostPlaces });
  cycle.inPassing = {
    tried: (cycle.inPassing?.tried ?? 0) + cut.tried,
    statements: (cycle.inPassing?.statements ?? 0) + cut.statements,
  };
  return cut;
}

/** A script that is more than one transaction goes on where it was cut off: then the next run is not all of it. */
function canBeCutOff(planned: PlannedMigration | undefined): boolean {
  return planned?.atomic === true && planned.statements.length > 0;
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

/** Whether what the second apply took away is there again after a second rollback: then it is in kept data. */
async function comeBack(setting: TrialSetting, session: Session, wanted: CapturedRows): Promise<boolean> {
  const { engine, database, migration } = setting;
  let isThere = false;
  const failure = await failureOf(async () => {
    await engine.rollback(database, migration);
    isThere = compareRows(wanted, await captureRows(session)).losses.length === 0;
    await engine.apply(database, [migration]);
  });
  return failure === undefined && isThere;
}

async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
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
