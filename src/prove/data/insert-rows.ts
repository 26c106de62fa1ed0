/** Inserts planned rows, all groups in one round trip, and records what the tables took. */
import { runBatch } from './batch.js';
import { type FillRun, settle } from './fill-run.js';
import { recordRows } from './record-rows.js';
import { retryRefused, TURNED_AWAY } from './retry-refused.js';
import type { PlannedTable } from './rows/plan-rows.js';
import { insertStatements, mergedAnswers } from './write-rows.js';

/** Tables that refer to one another, or one, with the rows that they are to be given. */
export type PlannedGroup = readonly PlannedTable[];

/** A group whose rows are refused is worked on by itself, before those that come after it. */
export async function insertRows(run: FillRun, planned: readonly PlannedGroup[]): Promise<void> {
  for (const { fill, obstacle } of planned.flat()) {
    if (obstacle) {
      settle(run, fill, obstacle);
    }
  }
  const groups = planned
    .map((group) => group.filter(({ rows }) => rows.length > 0))
    .filter((group) => group.length > 0);
  const statements = groups.flatMap((group) => insertStatements(group).map((sql) => ({ group, sql })));
  const retried = new Set<PlannedGroup>();
  const answers = await runBatch(
    run.session,
    statements.map(({ sql }) => sql),
    async (index, error) => {
      const { group } = statements[index]!;
      if (!retried.has(group)) {
        retried.add(group);
        await retryRefused(run, group, error);
      }
    },
  );
  for (const group of groups.filter((each) => !retried.has(each))) {
    const values = statements.flatMap((each, index) => {
      const answer = answers[index]!;
      return each.group === group && answer.kind === 'done' ? [answer.value] : [];
    });
    if (!recordRows(run, group, mergedAnswers(values), false)) {
      await retryRefused(run, group, TURNED_AWAY);
    }
  }
}
