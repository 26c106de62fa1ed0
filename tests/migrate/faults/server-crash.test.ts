/** The server itself goes down at once and comes up again, while the run holds on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../../src/database/index.js';
import { type CrashingServer, startCrashingServer } from './crashing-server.js';
import { cuttingDatabase } from './cutting-database.js';
import { type Direction, loadFaultCases, migrate, prepareDatabase, recover, stateOf } from './fault-case.js';

const everyCut = process.env.PLINTH_FAULTS === 'all';
/** Each case is cut at every so many boundaries, at another one than the case before. */
const STRIDE = everyCut ? 1 : 19;

const { cases, dispose } = loadFaultCases();
let server: CrashingServer;
let database: Database;
let crashes = 0;

beforeAll(async () => {
  server = await startCrashingServer();
  database = openDatabase(server.url);
});

afterAll(async () => {
  dispose();
  await server.remove();
});

describe('a migration whose server crashes ends as an undisturbed one', () => {
  for (const [index, faultCase] of cases.entries()) {
    const directions: readonly Direction[] = everyCut ? ['up', 'down'] : [index % 2 === 0 ? 'up' : 'down'];
    for (const direction of directions) {
      it(`${faultCase.name}, ${direction}`, { timeout: 600_000 }, async () => {
        const begin = async (): Promise<void> => {
          const session = await database.connect();
          await prepareDatabase(session, faultCase);
          await session.close();
          if (direction === 'down') {
            await migrate(database, faultCase, 'up');
          }
        };
        await begin();
        const undisturbed = cuttingDatabase(database, undefined);
        await migrate(undisturbed.database, faultCase, direction);
        const wanted = await stateOf(database);
        for (
          let call = everyCut ? 1 : 9 + ((index * 3) % 8);
          call <= undisturbed.sent.length;
          call += STRIDE
        ) {
          const phase = crashes % 2 ? 'before' : 'after';
          const place = `crash ${phase} call ${call} of ${undisturbed.sent.length}`;
          await begin();
          await crashAt(call, phase, (cut) => migrate(cut, faultCase, direction));
          await expect(recover(database, faultCase, direction), place).resolves.toBeUndefined();
          expect(await stateOf(database), place).toBe(wanted);
          crashes += 1;
        }
      });
    }
  }

  it('counts its crashes', () => {
    process.stdout.write(`${crashes} crashes of the server\n`);
    expect(crashes).toBeGreaterThan(9);
  });
});

/** The run goes on, or fails: either is right. The server comes back while the run may be looking for it. */
async function crashAt(
  call: number,
  phase: 'before' | 'after',
  run: (database: Database) => Promise<void>,
): Promise<void> {
  let restarted: Promise<void> | undefined;
  const cut = cuttingDatabase(database, {
    call,
    phase,
    strike: async () => {
      await server.crash();
      restarted = server.restart();
    },
    endsClient: false,
  });
  await run(cut.database).catch(() => {});
  await restarted;
}
