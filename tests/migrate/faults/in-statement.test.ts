/**
 * Cuts in the middle of a statement that works outside any transaction: an older transaction makes it wait, so that
 * it is cut with its work half done, or finishes when its client is gone already.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { type Session, withSession } from '../../../src/database/index.js';
import { databaseState } from '../database-state.js';
import { type Disturbed, withDisturbed } from './disturbed.js';
import { type Direction, loadFaultCases, migrate, recover, stateOf } from './fault-case.js';

const { cases, dispose } = loadFaultCases();
afterAll(dispose);

interface Waiting {
  readonly caseName: string;
  readonly direction: Direction;
  /** What the older transaction does. */
  readonly blocker: string;
  /** How the waiting statement begins. */
  readonly statement: string;
  /** What the cut leaves half done, as a line of the database's state. */
  readonly leaves: RegExp;
}

const WRITES = 'update app.items set amount = amount where id = 1';
const READS = 'select from app.items';

const WAITING: readonly Waiting[] = [
  {
    caseName: 'index-named',
    direction: 'up',
    blocker: WRITES,
    statement: 'create index concurrently items_kind_idx',
    leaves: /items_kind_idx.* valid f/,
  },
  {
    caseName: 'index-unnamed',
    direction: 'up',
    blocker: WRITES,
    statement: 'create index concurrently on',
    leaves: /items_kind_amount_idx.* valid f/,
  },
  {
    caseName: 'index-unique',
    direction: 'up',
    blocker: WRITES,
    statement: 'create unique index concurrently',
    leaves: /items_amount_key.* valid f/,
  },
  {
    caseName: 'index-named',
    direction: 'down',
    blocker: READS,
    statement: 'drop index concurrently app.items_kind_idx',
    leaves: /items_kind_idx.* valid f/,
  },
  {
    caseName: 'reindex',
    direction: 'up',
    blocker: WRITES,
    statement: 'reindex index concurrently',
    leaves: /items_pkey_ccnew.* valid f/,
  },
  {
    caseName: 'reindex',
    direction: 'down',
    blocker: WRITES,
    statement: 'reindex (concurrently) table',
    leaves: /items_pkey_ccnew.* valid f/,
  },
  {
    caseName: 'detach-partition',
    direction: 'up',
    blocker: 'select from app.events',
    statement: 'alter table app.events detach',
    leaves: /events_january of app.events pending t/,
  },
];

describe.concurrent('a statement outside any transaction that is cut while it works', () => {
  for (const waiting of WAITING) {
    const title = `${waiting.statement} …, ${waiting.direction}`;
    it(`${title}: its server process is ended, and what it left is put right`, {
      timeout: 60_000,
    }, async () => {
      await disturb(waiting, async ({ admin, database, faultCase, direction }, blocker) => {
        const run = migrate(database, faultCase, direction);
        const lost = expect(run).rejects.toMatchObject({ code: 'DATABASE_CONNECTION_LOST' });
        await admin.query('select pg_terminate_backend($1, 10000)', [
          await waiterOf(admin, waiting.statement),
        ]);
        await lost;
        expect((await databaseState(admin)).join('\n')).toMatch(waiting.leaves);
        await blocker.run('rollback');
      });
    });

    it(`${title}: its client is gone, and it may finish alone`, { timeout: 60_000 }, async () => {
      await disturb(waiting, async ({ admin, proxied, proxy, faultCase, direction }, blocker) => {
        const run = migrate(proxied(), faultCase, direction);
        const lost = expect(run).rejects.toThrow();
        await waiterOf(admin, waiting.statement);
        proxy.dropAll();
        await lost;
        // The next run begins while the statement still waits.
        sleep(300).then(() => blocker.run('rollback'));
      });
    });
  }
});

async function disturb(
  { caseName, direction, blocker }: Waiting,
  cut: (disturbed: Disturbed, blocker: Session) => Promise<void>,
): Promise<void> {
  const faultCase = cases.find(({ name }) => name === caseName)!;
  await withDisturbed(faultCase, direction, async (disturbed) => {
    const { database, wanted } = disturbed;
    await disturbed.begin();
    await withSession(database, async (session) => {
      await session.run(`begin; ${blocker}`);
      await cut(disturbed, session);
      await recover(database, faultCase, direction);
    });
    expect(await stateOf(database)).toBe(wanted);
  });
}

/** The process that runs the statement, once it waits for a lock. */
async function waiterOf(admin: Session, statement: string): Promise<number> {
  for (;;) {
    const [row] = await admin.query<{ pid: number }>(
      `select pid
         from pg_stat_activity
        where datname = current_database()
          and wait_event_type = 'Lock'
          and position($1 in query) > 0
          and pid <> pg_backend_pid()`,
      [statement],
    );
    if (row) {
      return row.pid;
    }
    await sleep(20);
  }
}
