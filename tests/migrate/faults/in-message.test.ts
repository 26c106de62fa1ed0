/**
 * Cuts inside a message of several migrations, at every boundary between its statements: the server process ends
 * itself, the client goes while the server is there, or the server crashes. The run after it ends as an undisturbed
 * one: what was committed is found, what was not is run, and nothing is run twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase, type Session, withSession } from '../../../src/database/index.js';
import { type CrashingServer, startCrashingServer } from './crashing-server.js';
import { type Disturbed, withDisturbed } from './disturbed.js';
import { type Direction, loadFaultCases, migrate, prepareDatabase, recover, stateOf } from './fault-case.js';
import { messageCuttingDatabase } from './message-cuts.js';

const everyCut = process.env.PLINTH_FAULTS === 'all';
const { cases, dispose } = loadFaultCases();
const faultCase = cases.find(({ name }) => name === 'definitions')!;
let cuts = 0;

afterAll(dispose);

const ENDS_ITSELF = 'select pg_terminate_backend(pg_backend_pid())';
const STOPS_FOR_A_WHILE = 'select pg_sleep(0.3)';

describe.each(['up', 'down'] as const)(
  'a message of several migrations, %s, that is cut between two statements',
  (direction) => {
    it('by the end of its server process', { timeout: 600_000 }, async () => {
      await atEachBoundary(direction, 1, async ({ database }, boundary) => {
        const cut = messageCuttingDatabase(database, { boundary, statement: ENDS_ITSELF });
        await migrate(cut.database, faultCase, direction).catch(() => {});
      });
    });

    it('by the end of its client', { timeout: 600_000 }, async () => {
      await atEachBoundary(direction, everyCut ? 1 : 3, async ({ proxied, proxy, admin }, boundary) => {
        const cut = messageCuttingDatabase(proxied(), { boundary, statement: STOPS_FOR_A_WHILE });
        const run = migrate(cut.database, faultCase, direction).catch(() => 'ended');
        await Promise.race([run, stopped(admin).then(proxy.dropAll)]);
        await run;
      });
    });
  },
);

describe('a message of several migrations whose server crashes between two statements', () => {
  let server: CrashingServer;
  let database: Database;

  beforeAll(async () => {
    server = await startCrashingServer();
    database = openDatabase(server.url);
  });

  afterAll(() => server.remove());

  it.each(['up', 'down'] as const)('%s', { timeout: 600_000 }, async (direction) => {
    const wanted = await undisturbed(database, direction);
    for (let boundary = 1; boundary <= wanted.boundaries; boundary += everyCut ? 1 : 11) {
      await begin(database, direction);
      const cut = messageCuttingDatabase(database, { boundary, statement: STOPS_FOR_A_WHILE });
      const run = migrate(cut.database, faultCase, direction).catch(() => 'ended');
      const crashed = withSession(database, stopped).then(async () => {
        await server.crash();
        await server.restart();
      });
      await Promise.race([run, crashed]);
      await Promise.all([run, crashed]);
      await expect(recover(database, faultCase, direction)).resolves.toBeUndefined();
      expect(await stateOf(database), `boundary ${boundary}`).toBe(wanted.state);
      cuts += 1;
    }
  });
});

it('counts its cuts', () => {
  process.stdout.write(`${cuts} cuts inside messages\n`);
  expect(cuts).toBeGreaterThan(60);
});

async function atEachBoundary(
  direction: Direction,
  stride: number,
  cutAt: (disturbed: Disturbed, boundary: number) => Promise<void>,
): Promise<void> {
  await withDisturbed(faultCase, direction, async (disturbed) => {
    const { database, wanted } = disturbed;
    await disturbed.begin();
    const counting = messageCuttingDatabase(database, undefined);
    await migrate(counting.database, faultCase, direction);
    for (let boundary = 1; boundary <= counting.boundaries(); boundary += stride) {
      await disturbed.begin();
      await cutAt(disturbed, boundary);
      await expect(recover(database, faultCase, direction), `boundary ${boundary}`).resolves.toBeUndefined();
      expect(await stateOf(database), `boundary ${boundary}`).toBe(wanted);
      cuts += 1;
    }
  });
}

/** Waits until the server has come to the boundary; not longer than a run could take to get there. */
async function stopped(admin: Session): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const found = await admin.query(
      "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
    );
    if (found.length > 0) {
      return;
    }
    await sleep(5);
  }
}

async function begin(database: Database, direction: Direction): Promise<void> {
  await withSession(database, (session) => prepareDatabase(session, faultCase));
  if (direction === 'down') {
    await migrate(database, faultCase, 'up');
  }
}

interface Undisturbed {
  readonly state: string;
  readonly boundaries: number;
}

async function undisturbed(database: Database, direction: Direction): Promise<Undisturbed> {
  await begin(database, direction);
  const counting = messageCuttingDatabase(database, undefined);
  await migrate(counting.database, faultCase, direction);
  return { state: await stateOf(database), boundaries: counting.boundaries() };
}
