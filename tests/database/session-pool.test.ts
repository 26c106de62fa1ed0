/** Sessions that are used again must be like new ones, whatever was done in them before. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type SessionPool, sessionPool, withSession } from '../../src/database/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  await withSession(testDatabase.database, (session) =>
    session.run('create table plants (id int generated always as identity, name text); create role gardener'),
  );
});
afterAll(async () => {
  await withSession(testDatabase.database, (session) => session.run('drop role gardener'));
  await testDatabase.drop();
});

describe('a pool of sessions', () => {
  let pool: SessionPool;
  beforeEach(() => {
    pool = sessionPool(testDatabase.database);
  });
  afterEach(() => pool.close());

  /** Runs SQL in one session of the pool, and a question in the next. */
  async function afterwards(sql: string, question: string): Promise<{ isSame: boolean; answer: unknown }> {
    const first = await withSession(pool.database, async (session) => {
      await session.run(sql);
      return session.server.processId;
    });
    return await withSession(pool.database, async (session) => {
      const [row] = await session.query<{ answer: unknown }>(`select (${question}) as answer`);
      return { isSame: session.server.processId === first, answer: row!.answer };
    });
  }

  test.each([
    ['an open transaction', 'begin; create table left_open ()', `to_regclass('left_open') is null`],
    ['settings', 'set search_path = pg_catalog', `current_setting('search_path') <> 'pg_catalog'`],
    ['a role', 'set role gardener', 'current_user = session_user'],
    ['the role of the session', 'set session authorization gardener', `session_user <> 'gardener'`],
    ['temporary tables', 'create temporary table seeds ()', `to_regclass('pg_temp.seeds') is null`],
    [
      'cursors',
      'begin; declare c cursor with hold for select 1; commit',
      'not exists (select from pg_cursors)',
    ],
    ['channels', 'listen weather', 'not exists (select pg_listening_channels())'],
    [
      'advisory locks',
      'select pg_advisory_lock(5)',
      `not exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())`,
    ],
    [
      'prepared statements',
      `prepare "Weeds" as select 1; prepare weeds as select 1`,
      'not exists (select from pg_prepared_statements where from_sql)',
    ],
  ])('takes %s back', async (_, sql, isTakenBack) => {
    expect(await afterwards(sql, isTakenBack)).toEqual({ isSame: true, answer: true });
  });

  test('ends a session that has changed what sessions begin with', async () => {
    try {
      expect(
        await afterwards(
          `alter role session_user set work_mem = '7MB'`,
          `current_setting('work_mem') = '7MB'`,
        ),
      ).toEqual({ isSame: false, answer: true });
    } finally {
      await withSession(testDatabase.database, (session) =>
        session.run('alter role session_user reset work_mem'),
      );
    }
  });

  test('ends the free ones too where what sessions begin with has changed', async () => {
    const one = await pool.database.connect();
    const other = await pool.database.connect();
    const known = [one.server.processId, other.server.processId];
    await one.close();
    await other.run(`alter role session_user set work_mem = '7MB'`);
    await other.close();
    try {
      await withSession(pool.database, async (session) => {
        expect(known).not.toContain(session.server.processId);
      });
    } finally {
      await withSession(testDatabase.database, (session) =>
        session.run('alter role session_user reset work_mem'),
      );
    }
  });

  test('forgets what currval tells', async () => {
    await withSession(pool.database, (session) => session.run(`select nextval('plants_id_seq')`));
    await withSession(pool.database, async (session) => {
      await expect(session.query(`select currval('plants_id_seq')`)).rejects.toThrow(/not yet defined/);
    });
  });

  test('takes no notices to the next user, and none of its own', async () => {
    const heard: string[] = [];
    const first = await pool.database.connect();
    first.onNotice(({ message }) => heard.push(message));
    await first.close();
    await withSession(pool.database, (session) => session.run(`do $$ begin raise notice 'rain'; end $$`));
    expect(heard).toEqual([]);
  });

  test('lends sessions of one name to one kind of work, and none twice at a time', async () => {
    const sessions = await Promise.all([
      pool.database.connect(),
      pool.database.connect(),
      pool.database.connect({ applicationName: 'watering' }),
    ]);
    const ids = sessions.map(({ server }) => server.processId);
    expect(new Set(ids).size).toBe(3);
    await Promise.all(sessions.map((session) => session.close()));
    await withSession(
      pool.database,
      async (session) => {
        expect(session.server.processId).toBe(ids[2]);
      },
      { applicationName: 'watering' },
    );
  });

  test('opens another in place of one that the server has ended', async () => {
    const session = await pool.database.connect();
    await session.query('select pg_terminate_backend(pg_backend_pid())').catch(() => {});
    await session.close();
    await withSession(pool.database, async (next) => {
      expect(next.server.processId).not.toBe(session.server.processId);
    });
  });

  test('tells its user that a session is closed, though it goes on', async () => {
    const session = await pool.database.connect();
    await session.close();
    await session.close();
    expect(session.isOpen).toBe(false);
  });

  test('ends every session when it is closed', async () => {
    const lent = await pool.database.connect();
    await (await pool.database.connect()).close();
    await pool.close();
    await lent.close();
    const [row] = await withSession(testDatabase.database, (session) =>
      session.query<{ count: number }>(
        'select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      ),
    );
    expect(row!.count).toBe(0);
  });
});
