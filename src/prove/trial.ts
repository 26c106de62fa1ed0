/**
 * The proof of one migration, on a database that stands just before it and has rows in every table: up, more rows,
 * down, up again, with schema and rows compared after each step; then both scripts cut off at each statement.
 */
import { diff } from '../catalog/index.js';
import { withSession } from '../database/index.js';
import type { SchemaModel } from '../schema/index.js';
import { type Cycle, runCycle } from './cycle.js';
import { cutOff } from './interrupt/cut-off.js';
import type { Interruptions, ProofData, ProofReason, ProvenScript } from './proof.js';
import type { Snapshot } from './snapshot.js';
import { isNewColumnNotNull } from './trial-reasons.js';
import type { TrialSetting } from './trial-setting.js';

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
    const { after, back, reapplied, up, down, inPassing, findings } = cycle;
    if (!after || findings.reasons.some(({ kind }) => STOPS.has(kind))) {
      return trialOf(setting, cycle, inPassing ?? { tried: 0, statements: 0 });
    }
    if (inPassing) {
      return { ...trialOf(setting, cycle, inPassing), end: endOf(cycle) };
    }
    const { tried, reasons } = await cutOff(setting, session, {
      after,
      back,
      reapplied,
      up: up.planned,
      down: down?.planned,
      reasons: findings.reasons,
    });
    const trial = trialOf(setting, cycle, tried, reasons);
    return { ...trial, end: !back && reasons.length === 0 ? endOf(cycle) : undefined };
  });
}

/** After these there is nothing to be cut off and finished. */
const STOPS: ReadonlySet<ProofReason['kind']> = new Set([
  'up-fails',
  'up-refuses-rows',
  'down-fails',
  'reapply-fails',
]);

/** The database as it was found last, where it is as the history would have it, the order of columns included. */
function endOf({ after, back, last, findings }: Cycle): Snapshot | undefined {
  if (!after || findings.reasons.some(({ breaks }) => breaks)) {
    return undefined;
  }
  if (!back) {
    return after;
  }
  return last && diff(after.schema, last.schema).isEmpty ? last : undefined;
}

function trialOf(
  { unfilled }: TrialSetting,
  { before, after, back, up, down, findings, rowsWritten, keptTables }: Cycle,
  interruptions: Interruptions,
  more: readonly ProofReason[] = [],
): Trial {
  return {
    refusesAnyRow: isNewColumnNotNull(up.failure, before),
    reasons: [...findings.reasons, ...more],
    remarks: findings.remarks,
    up: up.script,
    down: down?.script,
    data: {
      tables: before.rows.tables.length,
      rows: before.rows.tables.reduce((sum, { rows }) => sum + rows.length, 0),
      rowsWritten,
      cellsCompared: findings.cellsCompared,
      unfilled,
    },
    keptTables,
    interruptions,
    before: before.schema,
    after: after?.schema,
    back: back?.schema,
  };
}
