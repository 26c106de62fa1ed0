/** The client is a process of its own, and is killed with SIGKILL at a boundary. */
import { afterAll, describe, expect, it } from 'vitest';
import { compileProgram } from '../../support/compiled-program.js';
import { type Disturbed, withDisturbed } from './disturbed.js';
import { loadFaultCases, migrateOptions, recover, stateOf } from './fault-case.js';

const everyCut = process.env.PLINTH_FAULTS === 'all';
/** Each case is killed at every so many boundaries, at another one than the case before. */
const STRIDE = everyCut ? 1 : 23;

const { cases, dispose } = loadFaultCases();
const migrator = compileProgram('tests/migrate/programs/migrator.ts');
let kills = 0;

afterAll(dispose);

describe.concurrent('a migration whose client is killed ends as an undisturbed one', () => {
  for (const [index, faultCase] of cases.entries()) {
    for (const direction of ['up', 'down'] as const) {
      it(`${faultCase.name}, ${direction}`, { timeout: 600_000 }, async () => {
        const first = 1 + ((index * 5 + (direction === 'up' ? 3 : 8)) % Math.min(STRIDE, 13));
        await withDisturbed(faultCase, direction, (disturbed) => killEverywhere(disturbed, first));
      });
    }
  }
});

it('counts its kills', () => {
  process.stdout.write(`${kills} clients killed\n`);
  expect(kills).toBeGreaterThan(20);
});

async function killEverywhere(disturbed: Disturbed, first: number): Promise<void> {
  const { faultCase, direction, database, wanted, calls, url } = disturbed;
  const { database: _, ...options } = migrateOptions(database, faultCase.folder);
  for (let call = first; call <= calls; call += STRIDE) {
    for (const phase of everyCut
      ? (['before', 'after'] as const)
      : ([kills % 2 ? 'before' : 'after'] as const)) {
      await disturbed.begin();
      const child = migrator([JSON.stringify({ ...options, url, direction, killAt: { call, phase } })]);
      const place = `${phase} call ${call} of ${calls}`;
      expect(await child.output, place).toBe('');
      expect(child.process.signalCode, place).toBe('SIGKILL');
      await expect(recover(database, faultCase, direction), place).resolves.toBeUndefined();
      expect(await stateOf(database), place).toBe(wanted);
      kills += 1;
    }
  }
}
