/** What the states of a database say of a migration: those after the rollback, and those after the second apply. */
import type { Session } from '../database/index.js';
import type { PlannedMigration } from '../migrate/index.js';
import { sequencesSetBack } from './fingerprint/beside-rows.js';
import { displacedFrom } from './kept-of-migration.js';
import type { ProofReason } from './proof.js';
import { compareRows, type RowComparison } from './row-comparison.js';
import type { RowsBetween } from './rows-between.js';
import { areDoneAgain } from './rows-done-again.js';
import { schemaDifferences } from './schema-differences.js';
import type { Snapshot } from './snapshot.js';
import {
  besideRowsReasons,
  declaredLosses,
  displacedRemark,
  keptRemark,
  rowReasons,
  triggerRemark,
} from './trial-reasons.js';
import type { TrialSetting } from './trial-setting.js';
import { writtenByTriggers } from './written-by-triggers.js';

export interface Findings {
  readonly reasons: readonly ProofReason[];
  /** Worth knowing, and nothing against it. */
  readonly remarks: readonly string[];
  readonly cellsCompared: number;
}

export const noFindings: Findings = { reasons: [], remarks: [], cellsCompared: 0 };

export function addFindings(one: Findings, other: Findings): Findings {
  return {
    reasons: [...one.reasons, ...other.reasons],
    remarks: [...one.remarks, ...other.remarks],
    cellsCompared: one.cellsCompared + other.cellsCompared,
  };
}

/** What the database was at each place of the way. */
export interface Places {
  readonly before: Snapshot;
  /** After the first apply. */
  readonly after: Snapshot;
  /** With the rows that were written since. */
  readonly then: Snapshot;
  readonly between: RowsBetween;
  /** After the rollback. */
  readonly back: Snapshot;
  /** Both, as they were planned. */
  readonly scripts: readonly (PlannedMigration | undefined)[];
}

/** The schema is to be as before, and so is every row that nobody has touched since. */
export async function judgeRollback(
  { migration }: Pick<TrialSetting, 'migration'>,
  session: Session,
  { before, after, then, between, back, scripts }: Places,
): Promise<{
  readonly findings: Findings;
  /** Rows, or what a database holds beside rows. */
  readonly hasLost: boolean;
  /** Tables that triggers have written to, by `schema.name`. */
  readonly noted: ReadonlySet<string>;
}> {
  const madeByWrites = new Set(schemaDifferences(after, then).map(({ object }) => object));
  const differences = schemaDifferences(before, back).filter(({ object }) => !madeByWrites.has(object));
  const breaks = declaredLosses(migration).length === 0;
  const rows = compareRows(between.untouched, back.rows, between.writtenAsBefore);
  const around = { wanted: between.untouched, after: after.rows, found: back.rows, schema: back.schema };
  const displaced = await displacedFrom(session, migration, 'up', rows.losses, around);
  const lost = rows.losses.filter((loss) => !displaced.has(loss));
  const isByTriggers = writtenByTriggers(scripts, before.schema);
  const noted = rows.extras.filter(({ table }) => isByTriggers(table));
  const left = rows.extras.filter(({ table }) => !isByTriggers(table));
  const elseLost = besideRowsReasons('After the rollback', before.rows, back.rows, breaks);
  return {
    hasLost: lost.length + elseLost.length > 0,
    noted: new Set(noted.map(({ table }) => table)),
    findings: {
      cellsCompared: rows.cellsCompared,
      remarks: [
        ...[...displaced].map(([{ table }, count]) => displacedRemark('up', table, count)),
        ...noted.map((extra) => triggerRemark('the rollback', extra)),
      ],
      reasons: [
        ...schemaReasons(
          'schema-differs',
          'The rollback leaves another schema than there was before.',
          differences,
        ),
        ...rowReasons('rows-lost', lost, breaks),
        ...rowReasons('rows-left', left),
        ...elseLost,
      ],
    },
  };
}

export interface PlacesOfReapply extends Places {
  /** After the second apply. */
  readonly reapplied: Snapshot;
  /** Its rows beside those before the rollback. */
  readonly rows: RowComparison;
  /** Whether what it took away is there again after a second rollback. */
  readonly hasComeBack: boolean;
  /** Whether the rollback has lost something. */
  readonly hasLost: boolean;
  /** Tables whose rows by triggers were told after the rollback, by `schema.name`. */
  readonly noted: ReadonlySet<string>;
}

/** The schema is to be as after the first apply, and every row as it was before the rollback. */
export async function judgeReapply(
  { migration }: Pick<TrialSetting, 'migration'>,
  session: Session,
  { before, after, then, back, scripts, reapplied, rows, hasComeBack, hasLost, noted }: PlacesOfReapply,
): Promise<{
  readonly findings: Findings;
  /** Rows are in kept data that only a second rollback has shown. */
  readonly isKept: boolean;
}> {
  const declared = declaredLosses(migration);
  const breaks = declared.length === 0;
  const { losses, extras } = rows;
  const places = { wanted: then.rows, after: back.rows, found: reapplied.rows, schema: reapplied.schema };
  const madeAnew = await displacedFrom(session, migration, 'down', losses, places);
  const around = { after: after.rows, written: then.rows, back: back.rows, reapplied: reapplied.rows };
  const doneAgain =
    hasComeBack && breaks ? losses.filter((loss) => !madeAnew.has(loss) && areDoneAgain(loss, around)) : [];
  const lost = losses.filter((loss) => !doneAgain.includes(loss) && !madeAnew.has(loss));
  const isByTriggers = writtenByTriggers(scripts, before.schema);
  const byTriggers = extras.filter(({ table }) => isByTriggers(table) && !noted.has(table));
  const doubled = extras.filter(({ table }) => !isByTriggers(table));
  const elseLost = besideRowsReasons(
    'After the second apply',
    then.rows,
    reapplied.rows,
    breaks,
    setBackBy(before, after),
  );
  const isDeclared = hasLost || losses.length > 0 || elseLost.length > 0;
  return {
    isKept: doneAgain.length > 0,
    findings: {
      cellsCompared: rows.cellsCompared,
      remarks: [
        ...[...madeAnew].map(([{ table }, count]) => displacedRemark('down', table, count)),
        ...doneAgain.map(keptRemark),
        ...byTriggers.map((extra) => triggerRemark('the second apply', extra)),
      ],
      reasons: [
        ...schemaReasons(
          'reapply-schema-differs',
          'The second apply makes another schema than the first.',
          schemaDifferences(then, reapplied),
        ),
        ...rowReasons('reapply-rows-lost', lost, breaks),
        ...rowReasons('reapply-rows-doubled', doubled),
        ...elseLost,
        ...(isDeclared ? declared : []),
      ],
    },
  };
}

function schemaReasons(
  kind: ProofReason['kind'],
  message: string,
  differences: ReturnType<typeof schemaDifferences>,
): readonly ProofReason[] {
  return differences.length > 0 ? [{ kind, breaks: true, message, differences }] : [];
}

/** The sequences that the up sets back: it does so each time. */
function setBackBy({ rows: before }: Snapshot, { rows: after }: Snapshot): readonly string[] {
  return before.beside && after.beside ? sequencesSetBack(before.beside, after.beside) : [];
}
