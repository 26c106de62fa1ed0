/**
 * The proof of one migration, on a database that stands just before it and has rows in every table: up, more rows,
 * down, up again, with schema and rows compared after each step; then both scripts cut off at each statement, on a
 * second such database.
 */
import { type Database, type ScratchDatabase, type Session, withSession } from '../database/index.js';
import { irreversibleReason, type Migration, type PlannedMigration } from '../migrate/index.js';
import type { Filler, Unfilled } from './filler.js';
import { captureRows } from './fingerprint/capture-rows.js';
import { interruptEach } from './interrupt/interruptions.js';
import { type MeasuredRun, runMeasured } from './measured-run.js';
import type { Interruptions, ProofData, ProofReason, ProvenScript } from './proof.js';
import { failureReason, saying } from './reasons.js';
import { compareRows, rowChangeCounts, rowsAdded } from './row-comparison.js';
import { schemaDifferences } from './schema-differences.js';
import type { ScratchEngine } from './scratch-engine.js';
import { type Snapshot, takeSnapshot } from './snapshot.js';
import { newColumns, touchedTables } from './touched-tables.js';

export interface TrialSetting {
  readonly engine: ScratchEngine;
  readonly filler: Filler;
  readonly migration: Migration;
  /** Two databases alike that stand just before the migration. */
  readonly main: ScratchDatabase;
  readonly second: ScratchDatabase;
  /** Tables that could not be given rows. */
  readonly unfilled: readonly Unfilled[];
  /** After how many statements a script that is one transaction is cut off. */
  readonly placesPerScript: number;
}

export interface Trial {
  /** The up fails on whatever row there is: it adds a column that must not be null and gives it no value. */
  readonly refusesAnyRow: boolean;
  readonly reasons: readonly ProofReason[];
  readonly up: ProvenScript | undefined;
  readonly down: ProvenScript | undefined;
  readonly data: ProofData;
  readonly keptTables: number;
  readonly interruptions: Interruptions;
  /** The schema before the migration and after the rollback, where they differ: what a better down must mend. */
  readonly leftBehind: { readonly before: Snapshot; readonly after: Snapshot } | undefined;
}

export async function tryMigration(setting: TrialSetting): Promise<Trial> {
  const cycle = await withSession(setting.main.database, (session) => runCycle(setting, session));
  if (cycle.reasons.some(({ kind }) => STOPS.has(kind)) || !cycle.after) {
    return cycle.trial(NONE, []);
  }
  const { tried, reasons } = await tryInterruptions(setting, cycle, cycle.after);
  return cycle.trial(tried, reasons);
}

const NONE: Interruptions = { tried: 0, statements: 0 };

/** After these there is nothing to be cut off and finished. */
const STOPS: ReadonlySet<ProofReason['kind']> = new Set(['up-fails', 'up-refuses-rows', 'down-fails']);

interface Cycle {
  readonly before: Snapshot;
  /** After the first apply. */
  readonly after: Snapshot | undefined;
  /** The scripts as they were planned. */
  readonly up: PlannedMigration | undefined;
  readonly down: PlannedMigration | undefined;
  readonly reasons: readonly ProofReason[];
  trial(interruptions: Interruptions, more: readonly ProofReason[]): Trial;
}

async function runCycle(setting: TrialSetting, session: Session): Promise<Cycle> {
  const { engine, migration, filler, main } = setting;
  const { database } = main;
  const reasons: ProofReason[] = [];
  const before = await takeSnapshot(session);
  const up = await runMeasured({ engine, database, session, migration, direction: 'up' });
  let cells = 0;
  let written = 0;
  let down: MeasuredRun | undefined;
  let keptTables = 0;
  let leftBehind: Trial['leftBehind'];
  const result = (after: Snapshot | undefined): Cycle => ({
    before,
    after,
    up: up.planned,
    down: down?.planned,
    reasons,
    trial: (interruptions, more) => ({
      refusesAnyRow: isNewColumnNotNull(up.failure, before),
      reasons: [...reasons, ...more],
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
      leftBehind,
    }),
  });
  if (up.failure !== undefined) {
    reasons.push(failureReason('up-fails', up.failure, migration));
    return result(undefined);
  }
  const after = await takeSnapshot(session);
  reasons.push(...unfilledReasons(setting.unfilled, before, after, up));
  const noWayBack = wayBackMissing(migration);
  if (noWayBack) {
    reasons.push(noWayBack);
    return result(after);
  }
  await filler.write(session, {
    tables: touchedTables(before, after, up.script),
    newColumns: newColumns(before, after),
  });
  const rowsThen = await captureRows(session);
  const writtenRows = rowsAdded(after.rows, rowsThen);
  written = [...writtenRows.values()].reduce((sum, rows) => sum + rows, 0);

  down = await runMeasured({ engine, database, session, migration, direction: 'down' });
  if (down.failure !== undefined) {
    reasons.push(failureReason('down-fails', down.failure, migration));
    return result(after);
  }
  keptTables = await countKeptTables(session);
  const back = await takeSnapshot(session);
  const differences = schemaDifferences(before, back);
  if (differences.length > 0) {
    leftBehind = { before, after: back };
    reasons.push({
      kind: 'schema-differs',
      breaks: true,
      message: 'The rollback leaves another schema than there was before.',
      differences,
    });
  }
  const rolledBack = compareRows(before.rows, back.rows, writtenRows);
  cells += rolledBack.cellsCompared;
  reasons.push(
    ...rolledBack.losses.map(
      (loss): ProofReason => ({
        kind: 'rows-lost',
        breaks: true,
        message: `After the rollback rows of ${loss.table} are not as they were.`,
        loss,
      }),
    ),
    ...rolledBack.extras.map(
      (loss): ProofReason => ({
        kind: 'rows-left',
        breaks: true,
        message: `After the rollback ${loss.table} has rows that it did not have before.`,
        loss,
      }),
    ),
  );

  const failure = await failureOfApply(engine, database, migration);
  if (failure !== undefined) {
    reasons.push(failureReason('reapply-fails', failure, migration));
    return result(after);
  }
  const reapplied = await takeSnapshot(session);
  const reapplyDifferences = schemaDifferences(after, reapplied);
  if (reapplyDifferences.length > 0) {
    reasons.push({
      kind: 'reapply-schema-differs',
      breaks: true,
      message: 'The second apply makes another schema than the first.',
      differences: reapplyDifferences,
    });
  }
  const compared = compareRows(rowsThen, reapplied.rows);
  cells += compared.cellsCompared;
  reasons.push(
    ...compared.losses.map(
      (loss): ProofReason => ({
        kind: 'reapply-rows-lost',
        breaks: true,
        message: `After the second apply rows of ${loss.table} are not as they were before the rollback.`,
        loss,
      }),
    ),
    ...compared.extras.map(
      (loss): ProofReason => ({
        kind: 'reapply-rows-doubled',
        breaks: true,
        message: `After the second apply ${loss.table} has rows that it did not have before the rollback.`,
        loss,
      }),
    ),
  );
  return result(after);
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

async function tryInterruptions(
  setting: TrialSetting,
  { before, up: plannedUp, down: plannedDown }: Cycle,
  after: Snapshot,
): Promise<{ readonly tried: Interruptions; readonly reasons: readonly ProofReason[] }> {
  const { engine, migration, second, placesPerScript: mostPlaces } = setting;
  const { database } = second;
  const work = { engine, database, migration, mostPlaces };
  const reasons: ProofReason[] = [];
  const up = await interruptEach({ ...work, direction: 'up', planned: plannedUp });
  if (up.failure !== undefined) {
    reasons.push(interruptionReason('up', 'does not get to its end', [], up.failure));
    return { tried: up, reasons };
  }
  return await withSession(database, async (session) => {
    const finished = await takeSnapshot(session);
    const differences = schemaDifferences(after, finished);
    if (differences.length > 0) {
      reasons.push(interruptionReason('up', 'ends with another schema', differences));
    }
    if (rowChangeCounts(before.rows, finished.rows) !== rowChangeCounts(before.rows, after.rows)) {
      reasons.push(interruptionReason('up', 'ends with other rows', []));
    }
    if (wayBackMissing(migration)) {
      return { tried: up, reasons };
    }
    const down = await interruptEach({ ...work, direction: 'down', planned: plannedDown });
    const tried = { tried: up.tried + down.tried, statements: up.statements + down.statements };
    if (down.failure !== undefined) {
      reasons.push(interruptionReason('down', 'does not get to its end', [], down.failure));
      return { tried, reasons };
    }
    return { tried, reasons };
  });
}

function interruptionReason(
  direction: 'up' | 'down',
  what: string,
  differences: ProofReason['differences'] & {},
  failure?: unknown,
): ProofReason {
  const why = failure instanceof Error ? `: ${failure.message}` : '';
  return {
    kind: 'interruption-differs',
    breaks: true,
    message: `Cut off at its statements and run again, the ${direction} ${what}${why}.`,
    ...(differences.length > 0 ? { differences } : {}),
  };
}

/** PostgreSQL says the same of a column that is new and of one that is made not null. */
function isNewColumnNotNull(failure: unknown, { schema }: Snapshot): boolean {
  const [, column, table] =
    /^column "(.+)" of relation "(.+)" contains null values/.exec(saying(failure)) ?? [];
  const known = schema.tables.filter(({ name }) => name === table);
  return known.length > 0 && !known.some(({ columns }) => columns.some(({ name }) => name === column));
}

function wayBackMissing(migration: Migration): ProofReason | undefined {
  const reason =
    irreversibleReason(migration.up.read()) ??
    (migration.down ? irreversibleReason(migration.down.read()) : undefined);
  if (reason !== undefined) {
    return { kind: 'irreversible', breaks: false, message: `It is declared irreversible: ${reason}.` };
  }
  return migration.down ? undefined : { kind: 'no-down', breaks: false, message: 'It has no down.' };
}

/** A table without rows matters to a migration that touches it. */
function unfilledReasons(
  unfilled: readonly Unfilled[],
  before: Snapshot,
  after: Snapshot,
  up: MeasuredRun,
): readonly ProofReason[] {
  const touched = new Set(touchedTables(before, after, up.script));
  return unfilled
    .filter(({ table }) => touched.has(table))
    .map(({ table, reason }) => ({
      kind: 'not-filled',
      breaks: false,
      message: `${table} could not be given rows: ${reason}.`,
    }));
}

function rowCount({ rows }: Snapshot): number {
  return rows.tables.reduce((sum, table) => sum + table.rows.length, 0);
}

async function countKeptTables(session: Session): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    `select count(*)::int as count
       from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
      where n.nspname = 'plinth_kept' and c.relkind in ('r', 'p')`,
  );
  return row!.count;
}
