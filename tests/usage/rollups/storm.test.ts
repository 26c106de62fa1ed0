import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withSession } from '../../../src/database/index.js';
import {
  ensureUsagePartitions,
  markedBuckets,
  reconcileUsage,
  refreshRollups,
} from '../../../src/usage/index.js';
import { compileProgram } from '../../support/compiled-program.js';
import type { TestDatabase } from '../../support/database.js';
import { createUsageDatabase } from '../support.js';
import { createNaive, naiveReport, runNaive } from './naive.js';
import { STORM_ROLLUPS, STORM_ROOT, STORM_SPAN, storm } from './storm.js';

/** How long it storms, in seconds. */
const SECONDS = Number(process.env.PLINTH_STORM_SECONDS ?? 10);

const program = compileProgram('tests/usage/programs/roll-up-worker.ts');

let db: TestDatabase;
beforeAll(async () => {
  db = await createUsageDatabase();
});
afterAll(async () => {
  await db.drop();
  rmSync(STORM_ROOT, { recursive: true });
});

test('a storm of writers, workers and kills leaves no rollup wrong, while a watermark loses rows', {
  timeout: SECONDS * 1000 + 110_000,
}, async () => {
  await withSession(db.database, async (session) => {
    await ensureUsagePartitions(session, STORM_SPAN);
    await createNaive(session);
    let isOver = false;
    const naive = runNaive(db, () => isOver);
    const report = await storm(db, SECONDS, program).finally(() => {
      isOver = true;
    });
    await naive;

    const last = await refreshRollups(session, { rollups: STORM_ROLLUPS });
    expect(last).toMatchObject({ left: 0, withoutSource: 0 });
    expect(await markedBuckets(session)).toEqual([]);
    const reconciliation = await reconcileUsage(session, { rollups: STORM_ROLLUPS, ...STORM_SPAN });
    expect(reconciliation.differences).toEqual([]);
    expect(reconciliation.isExact).toBe(true);
    expect(reconciliation.rollups.filter(({ pending }) => pending > 0)).toEqual([]);
    const [folded] = await session.query<{ n: bigint }>('select count(*) as n from analytics.rollup_caps');
    expect(folded!.n).toBeGreaterThan(0n);

    const events = reconciliation.rollups[0]!.totals.requests!;
    expect(events.rollup).toBe(events.source);
    expect(events.source).toBeGreaterThan(0n);
    for (const count of Object.values(report)) {
      expect(count).toBeGreaterThan(0);
    }

    const wrong = await naiveReport(session);
    expect(wrong.wrongRows).toBeGreaterThan(0);
    if (process.env.PLINTH_STORM_SECONDS !== undefined) {
      console.log(JSON.stringify({ ...report, naive: wrong }));
    }
  });
});
