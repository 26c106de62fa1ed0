/** Works on tables whose rows were refused by themselves: other rows, one row at a time, at last without triggers. */
import { type Refusal, runBatch } from './batch.js';
import { type FillRun, plannedRows, setPath, settle } from './fill-run.js';
import { obstacleOfRefusal } from './obstacle.js';
import { recordRows } from './record-rows.js';
import type { FillTable } from './rows/fill-table.js';
import type { PlannedTable } from './rows/plan-rows.js';
import { insertStatements, mergedAnswers } from './write-rows.js';

/** @param first why the rows of the group were refused */
export async function retryRefused(
  run: FillRun,
  group: readonly PlannedTable[],
  first: Refusal,
): Promise<void> {
  const fills = group.map(({ fill }) => fill);
  let refusal = first;
  // Other rows do not help where it is not the rows that are refused.
  const attempts = isOfData(first) || first.sqlstate === 'P0001' ? [1, 2, 3, 4] : [3];
  for (const attempt of attempts) {
    const withoutTriggers = attempt >= 3;
    await run.rows.lookAgain(run.session, fills);
    const planned = await plannedAgain(run, fills, attempt);
    if (planned.some(({ rows }) => rows.length > 0)) {
      const refused = await tryInsert(run, planned, withoutTriggers);
      if (refused === undefined) {
        return;
      }
      refusal = refused;
    }
  }
  for (const fill of fills) {
    run.rows.plan(fill, []);
    settle(run, fill, obstacleOfRefusal(fill, refusal));
  }
}

/** What is told of rows that vanish without an error: a trigger or a rule does that, or a key. */
export const TURNED_AWAY: Refusal = {
  message: 'the rows were turned away without an error',
  sqlstate: undefined,
  schema: undefined,
  table: undefined,
  column: undefined,
  constraint: undefined,
};

/** Data exceptions and integrity violations: other rows may pass. */
function isOfData({ sqlstate }: Refusal): boolean {
  return /^(22|23)/.test(sqlstate ?? '');
}

async function plannedAgain(
  run: FillRun,
  fills: readonly FillTable[],
  attempt: number,
): Promise<readonly PlannedTable[]> {
  await setPath(run.session, '');
  try {
    return await plannedRows(run, fills, attempt);
  } finally {
    await setPath(run.session, run.path);
  }
}

/** All rows at once, or as many of them as go one by one; the last refusal where none goes. */
async function tryInsert(
  run: FillRun,
  planned: readonly PlannedTable[],
  withoutTriggers: boolean,
): Promise<Refusal | undefined> {
  const [only] = planned;
  const oneByOne =
    planned.length > 1
      ? []
      : [only!.rows.flatMap((row) => insertStatements([{ fill: only!.fill, rows: [row] }]))];
  let refusal: Refusal | undefined;
  for (const statements of [insertStatements(planned), ...oneByOne]) {
    if (refusal !== undefined && !isOfData(refusal) && withoutTriggers) {
      return refusal;
    }
    const all = await runBatch(
      run.session,
      withoutTriggers ? [TRIGGERS_OFF, ...statements, TRIGGERS_ON] : statements,
    );
    const answers = withoutTriggers ? all.slice(1, -1) : all;
    const done = answers.flatMap((answer) => (answer.kind === 'done' ? [answer.value] : []));
    refusal = answers.flatMap((answer) => (answer.kind === 'refused' ? [answer.error] : [])).at(-1);
    if (done.length > 0 && recordRows(run, planned, mergedAnswers(done), withoutTriggers)) {
      return undefined;
    }
    refusal ??= TURNED_AWAY;
  }
  return refusal;
}

const TRIGGERS_OFF = 'set local session_replication_role = replica';
const TRIGGERS_ON = 'set local session_replication_role = origin';
