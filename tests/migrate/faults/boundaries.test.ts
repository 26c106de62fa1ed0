/**
 * The fault injector: every kind of migration, in both directions, is cut at every boundary between the client and
 * the server, and the same command is run again. What is then in the database equals what an undisturbed run leaves.
 *
 * `npm test` makes one kind of cut at each boundary, each boundary another; PLINTH_FAULTS=all makes all of them.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase, withSession } from '../../../src/database/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { cuttingDatabase } from './cutting-database.js';
import { type Direction, loadFaultCases, migrate, prepareDatabase, recover, stateOf } from './fault-case.js';
import { strikesIn } from './strikes.js';
import { startTcpProxy } from './tcp-proxy.js';

const everyCut = process.env.PLINTH_FAULTS === 'all';
const { cases, dispose } = loadFaultCases();
let cuts = 0;

afterAll(dispose);

describe.concurrent('a migration that is cut at any boundary ends as an undisturbed one', () => {
  for (const [index, faultCase] of cases.entries()) {
    for (const direction of ['up', 'down'] as const) {
      it(`${faultCase.name}, ${direction}`, { timeout: 300_000 }, async () => {
        const test = await createTestDatabase();
        try {
          await cutEverywhere(test, faultCase, direction, index);
        } finally {
          await test.drop();
        }
      });
    }
  }
});

async function cutEverywhere(
  test: TestDatabase,
  faultCase: (typeof cases)[number],
  direction: Direction,
  offset: number,
): Promise<void> {
  const { hostname, port } = new URL(test.url);
  const proxy = await startTcpProxy(hostname, Number(port));
  const proxied = new URL(test.url);
  proxied.port = String(proxy.port);
  proxied.hostname = '127.0.0.1';
  try {
    await withSession(openDatabase(test.url), async (admin) => {
      const begin = async (): Promise<void> => {
        await prepareDatabase(admin, faultCase);
        if (direction === 'down') {
          await migrate(test.database, faultCase, 'up');
        }
      };
      await begin();
      const undisturbed = cuttingDatabase(test.database, undefined);
      await migrate(undisturbed.database, faultCase, direction);
      const wanted = await stateOf(test.database);
      const strikes = strikesIn({ proxy, admin });
      for (let call = 1; call <= undisturbed.calls(); call += 1) {
        const chosen = everyCut ? strikes : [strikes[(call + offset) % strikes.length]!];
        for (const strike of chosen) {
          await begin();
          const cut = cuttingDatabase(openDatabase(proxied.href), { ...strike, call });
          const run = migrate(cut.database, faultCase, direction);
          await Promise.race([run.catch(() => {}), cut.ended]);
          const place = `${strike.name}, call ${call} of ${undisturbed.calls()}`;
          await expect(recover(test.database, faultCase, direction), place).resolves.toBeUndefined();
          expect(await stateOf(test.database), place).toBe(wanted);
          cuts += 1;
        }
      }
    });
  } finally {
    await proxy.close();
  }
}

it('counts its cuts', () => {
  process.stdout.write(`${cuts} cuts at the boundaries of ${cases.length} kinds of migration\n`);
  expect(cuts).toBeGreaterThan(300);
});
