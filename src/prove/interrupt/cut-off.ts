/** Both scripts cut off at their statements and finished by the next run: whether they come to the same end. */
import { type Session, withSession } from '../../database/index.js';
import type { PlannedMigration } from '../../migrate/index.js';
import type { Interruptions, ProofReason } from '../proof.js';
import { saying } from '../reasons.js';
import { compareRows } from '../row-comparison.js';
import { schemaDifferences } from '../schema-differences.js';
import { type Snapshot, takeSnapshot } from '../snapshot.js';
import type { TrialSetting } from '../trial-setting.js';
import { writtenByTriggers } from '../written-by-triggers.js';
import { interruptAndFinish } from './interruptions.js';

/** What the scripts came to when nothing came in between. */
export interface UndisturbedRun {
  readonly after: Snapshot;
  /** After the rollback, and after the second apply; absent where there is no way back. */
  readonly back: Snapshot | undefined;
  readonly reapplied: Snapshot | undefined;
  readonly up: PlannedMigration | undefined;
  readonly down: PlannedMigration | undefined;
  /** What is wrong anyhow: then rows are not compared once more. */
  readonly reasons: readonly ProofReason[];
}

export interface CutOff {
  readonly tried: Interruptions;
  readonly reasons: readonly ProofReason[];
}

/**
 * Takes the database, on which the migration stands applied, down and up again; one without a way back is applied to
 * another database.
 */
export async function cutOff(
  setting: TrialSetting,
  session: Session,
  undisturbed: UndisturbedRun,
): Promise<CutOff> {
  const { back, reapplied, up, down, reasons } = undisturbed;
  const withRows = !reasons.some(({ breaks }) => breaks);
  if (!back || !reapplied) {
    return await onAnother(setting, undisturbed);
  }
  const { database, unpooled } = setting;
  const step = { setting, database, unpooled, session, withRows, scripts: [up, down] };
  const first = await cutOffScript({ ...step, direction: 'down', planned: down, wanted: back });
  if (first.reasons.length > 0) {
    return first;
  }
  const second = await cutOffScript({ ...step, direction: 'up', planned: up, wanted: reapplied });
  return {
    tried: {
      tried: first.tried.tried + second.tried.tried,
      statements: first.tried.statements + second.tried.statements,
    },
    reasons: second.reasons,
  };
}

async function onAnother(setting: TrialSetting, { up, after }: UndisturbedRun): Promise<CutOff> {
  const another = await setting.another();
  try {
    const { database } = another;
    return await withSession(database, (session) =>
      cutOffScript({
        setting,
        database,
        unpooled: database,
        session,
        direction: 'up',
        planned: up,
        scripts: [up],
        wanted: after,
        withRows: false,
      }),
    );
  } finally {
    await another.drop();
  }
}

interface ScriptToCutOff {
  readonly setting: TrialSetting;
  readonly database: TrialSetting['database'];
  readonly unpooled: TrialSetting['unpooled'];
  readonly session: Session;
  readonly direction: 'up' | 'down';
  readonly planned: PlannedMigration | undefined;
  /** Both, as they were planned. */
  readonly scripts: readonly (PlannedMigration | undefined)[];
  readonly wanted: Snapshot;
  readonly withRows: boolean;
}

async function cutOffScript(script: ScriptToCutOff): Promise<CutOff> {
  const { setting, database, unpooled, session, direction, planned, wanted } = script;
  const { engine, migration, placesPerScript: mostPlaces } = setting;
  const { tried, statements, failure } = await interruptAndFinish({
    engine,
    database,
    unpooled,
    session,
    migration,
    direction,
    planned,
    mostPlaces,
  });
  const interruptions = { tried, statements };
  if (failure !== undefined) {
    const message = `does not get to its end: ${saying(failure)}`;
    return { tried: interruptions, reasons: [differs(direction, message, [])] };
  }
  const found = await takeSnapshot(session);
  const differences = schemaDifferences(wanted, found);
  const rows = script.withRows ? compareRows(wanted.rows, found.rows) : { losses: [], extras: [] };
  const isByTriggers = writtenByTriggers(script.scripts, wanted.schema);
  const extras = rows.extras.filter(({ table }) => !isByTriggers(table));
  return {
    tried: interruptions,
    reasons: [
      ...(differences.length > 0 ? [differs(direction, 'ends with another schema', differences)] : []),
      ...[...rows.losses, ...extras].map((loss) => ({
        ...differs(direction, `ends with other rows of ${loss.table}`, []),
        loss,
      })),
    ],
  };
}

/** The reason that says so. */
export function differs(
  direction: 'up' | 'down',
  what: string,
  differences: NonNullable<ProofReason['differences']>,
): ProofReason {
  return {
    kind: 'interruption-differs',
    breaks: true,
    message: `Cut off at its statements and run again, the ${direction} ${what}.`,
    ...(differences.length > 0 ? { differences } : {}),
  };
}
