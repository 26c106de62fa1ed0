/**
 * The fault injector: every kind of migration, in both directions, is cut at every boundary between the client and
 * the server, and the same command is run again. What is then in the database equals what an undisturbed run leaves.
 *
 * `npm test` makes one kind of cut at each boundary, each boundary another, and passes over those before the lock
 * is held, where every run does the same, in all cases but one. PLINTH_FAULTS=all makes every cut at every boundary.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { cuttingDatabase } from './cutting-database.js';
import { type Disturbed, withDisturbed } from './disturbed.js';
import { loadFaultCases, migrate, recover, stateOf } from './fault-case.js';
import { strikesIn } from './strikes.js';

const everyCut = process.env.PLINTH_FAULTS === 'all';
const { cases, dispose } = loadFaultCases();
/** Making the ledger is part of the way up, where there is none. */
const CALLS_BEFORE_LOCK = { up: 7, down: 2 };
let cuts = 0;

afterAll(dispose);

describe.concurrent('a migration that is cut at any boundary ends as an undisturbed one', () => {
  for (const [index, faultCase] of cases.entries()) {
    for (const direction of ['up', 'down'] as const) {
      it(`${faultCase.name}, ${direction}`, { timeout: 600_000 }, async () => {
        await withDisturbed(faultCase, direction, (disturbed) => cutEverywhere(disturbed, index));
      });
    }
  }
});

it('counts its cuts', () => {
  process.stdout.write(`${cuts} cuts at the boundaries of ${cases.length} kinds of migration\n`);
  expect(cuts).toBeGreaterThan(300);
});

async function cutEverywhere(disturbed: Disturbed, offset: number): Promise<void> {
  const { faultCase, direction, database, wanted, calls } = disturbed;
  const strikes = strikesIn(disturbed);
  const first = everyCut || faultCase.name === 'one-transaction' ? 1 : CALLS_BEFORE_LOCK[direction] + 1;
  for (let call = first; call <= calls; call += 1) {
    const chosen = everyCut ? strikes : [strikes[(call + offset) % strikes.length]!];
    for (const strike of chosen) {
      await disturbed.begin();
      const cut = cuttingDatabase(disturbed.proxied(), { ...strike, call });
      const run = migrate(cut.database, faultCase, direction);
      await Promise.race([run.catch(() => {}), cut.ended]);
      const place = `${strike.name}, call ${call} of ${calls}`;
      await expect(recover(database, faultCase, direction), place).resolves.toBeUndefined();
      expect(await stateOf(database), place).toBe(wanted);
      cuts += 1;
    }
  }
}
