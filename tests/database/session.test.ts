/** The contract of a session, on every server version. */

import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isPlinthError } from '../../src/core/index.js';
import {
  type Database,
  type Notice,
  openDatabase,
  type Session,
  withSession,
} from '../../src/database/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';

describeOnEveryServer('a session', ({ major, url }) => {
  let testDatabase: TestDatabase;
  let database: Database;
  let session: Session;

  beforeAll(async () => {
    testDatabase = await createTestDatabase({ serverUrl: await url() });
    database = testDatabase.database;
    session = await database.connect();
    await session.run('create table plants (id int primary key, name text not null)');
  });
  afterAll(async () => {
    await session?.close();
    await testDatabase?.drop();
  });

  test('tells which server it is on', () => {
    expect(session.server).toMatchObject({ database: testDatabase.name, user: 'plinth_admin' });
    expect(session.server.version).toMatch(new RegExp(`^${major}\\.`));
    expect(session.isOpen).toBe(true);
    expect(session.isDirect).toBe(true);
  });

  test('reads values without losing anything', async () => {
    const [row] = await session.query(
      `select 9223372036854775807::int8 as big, 7::int4 as small, 1.10::numeric as exact,
              date '2024-02-29' as day, timestamp '2024-02-29 12:00' as local,
              timestamptz '2024-02-29 12:00Z' as instant, '\\x00ff'::bytea as bytes, '{"a":[1]}'::jsonb as json,
              null::int8 as nothing, true as truth`,
    );
    expect(row).toEqual({
      big: 9_223_372_036_854_775_807n,
      small: 7,
      exact: '1.10',
      day: '2024-02-29',
      local: '2024-02-29 12:00:00',
      instant: new Date('2024-02-29T12:00:00Z'),
      bytes: Buffer.from([0, 255]),
      json: { a: [1] },
      nothing: null,
      truth: true,
    });
  });

  test('reads arrays with the same meaning as their elements', async () => {
    const [row] = await session.query(
      `select array[1, null, 9007199254740993]::int8[] as bigs, array[date '2024-02-29'] as days,
              array['a b', 'c"d']::name[] as names, array['x,y', 'null']::text[] as texts`,
    );
    expect(row).toEqual({
      bigs: [1n, null, 9_007_199_254_740_993n],
      days: ['2024-02-29'],
      names: ['a b', 'c"d'],
      texts: ['x,y', 'null'],
    });
  });

  test('sends values as parameters, also bigint and prepared ones', async () => {
    const sql = 'select $1::int8 + 1 as next, $2::text as name';
    for (const value of [41n, 9_223_372_036_854_775_806n]) {
      expect(await session.query(sql, [value, "o'brien"], { name: 'next' })).toEqual([
        { next: value + 1n, name: "o'brien" },
      ]);
    }
  });

  test('runs several statements and answers one result for each', async () => {
    const completed: number[] = [];
    const results = await session.run(
      `create temporary table t (id int); insert into t values (1), (2); select * from t`,
      (index) => completed.push(index),
    );
    expect(results).toEqual([
      { command: 'CREATE', rowCount: undefined },
      { command: 'INSERT', rowCount: 2 },
      { command: 'SELECT', rowCount: 2 },
    ]);
    expect(completed).toEqual([0, 1, 2]);
  });

  test('says where in the text a statement is wrong, in UTF-16 units, beyond characters of any width', async () => {
    const sql = `select 'é𝄞漢' as "naïve 🌱", nothing_there`;
    const error = await session.query(sql).catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      code: 'DATABASE_STATEMENT_FAILED',
      message: expect.stringContaining('column "nothing_there" does not exist'),
      details: { sqlstate: '42703', position: sql.indexOf('nothing_there') },
    });
  });

  test('never repeats the data of a row in an error', async () => {
    const failing = session.query("insert into plants values (1, 'secret fern'), (1, 'secret moss')");
    const error = await failing.catch((cause: unknown) => cause);
    expect(error).toMatchObject({
      details: { sqlstate: '23505', constraint: 'plants_pkey', table: 'plants' },
    });
    expect(isPlinthError(error) && JSON.stringify([error.message, error.hint, error.details])).not.toMatch(
      /secret|\(1\)/,
    );
  });

  test('passes on notices and warnings until told to stop', async () => {
    const notices: Notice[] = [];
    const stop = session.onNotice((notice) => notices.push(notice));
    await session.run(`do $$ begin raise warning 'dry soil' using errcode = '01234'; end $$`);
    stop();
    await session.run(`do $$ begin raise warning 'unheard'; end $$`);
    expect(notices).toEqual([{ severity: 'WARNING', message: 'dry soil', sqlstate: '01234' }]);
  });

  test('a transaction is kept when its work returns and undone when it throws', async () => {
    await session.transaction(() => session.query("insert into plants values (10, 'kept')"));
    const failure = new Error('stop here');
    const undone = session.transaction(async () => {
      await session.query("insert into plants values (11, 'undone')");
      throw failure;
    });
    await expect(undone).rejects.toBe(failure);
    expect(await session.query('select id from plants where id in (10, 11)')).toEqual([{ id: 10 }]);
  });

  test('a transaction within another is part of it', async () => {
    const both = session.transaction(async () => {
      await session.transaction(
        () => session.query("insert into plants values (20, 'inner')"),
        'serializable',
      );
      await session.query("insert into plants values (21, 'outer')");
      throw new Error('enough');
    });
    await expect(both).rejects.toThrow('enough');
    expect(await session.query('select from plants where id in (20, 21)')).toEqual([]);
    await session.transaction(() => session.query("insert into plants values (22, 'on its own')"));
    expect(await session.query('select from plants where id = 22')).toHaveLength(1);
    await session.query('delete from plants where id = 22');
  });

  test('a transaction whose work overlooks a failed statement is an error, not a silent rollback', async () => {
    const overlooking = session.transaction(async () => {
      await session.query("insert into plants values (12, 'lost')");
      await session.query('select nothing_there').catch(() => {});
    });
    await expect(overlooking).rejects.toMatchObject({ code: 'DATABASE_STATEMENT_FAILED' });
    expect(await session.query('select id from plants where id = 12')).toEqual([]);
  });

  test('a serializable transaction is one', async () => {
    const [row] = await session.transaction(
      () => session.query(`select current_setting('transaction_isolation') as level`),
      'serializable',
    );
    expect(row).toEqual({ level: 'serializable' });
  });

  test('calls made at the same time wait for one another', async () => {
    const [, row] = await Promise.all([
      session.run('create table in_turn (id int)'),
      session.query('select count(*) from in_turn'),
    ]);
    expect(row).toEqual([{ count: 0n }]);
  });

  test('copies rows in and out', async () => {
    const lines = Array.from({ length: 5000 }, (_, index) => `${index + 100}\tplant ${index}\n`);
    expect(await session.copyIn('copy plants from stdin', lines)).toBe(5000);
    const copied = await text(
      session.copyOut('copy (select * from plants where id >= 100 order by id) to stdout'),
    );
    expect(copied).toBe(lines.join(''));
  });

  test('rows that the server refuses undo the copy, and the session goes on', async () => {
    const refused = session.copyIn('copy plants from stdin', [
      '900\tgood\n',
      'not a number\tbad\n',
      '901\tgood\n',
    ]);
    await expect(refused).rejects.toMatchObject({
      code: 'DATABASE_STATEMENT_FAILED',
      details: { sqlstate: '22P02' },
    });
    expect(await session.query('select id from plants where id >= 900 and id < 902')).toHaveLength(2);
    expect(await session.query("select id from plants where name = 'good'")).toEqual([]);
  });

  test('a source that fails undoes the copy with its own error, and the session goes on', async () => {
    const failure = new Error('the file ended early');
    async function* failing(): AsyncGenerator<string> {
      yield '90000\tgood\n';
      await sleep(5);
      throw failure;
    }
    await expect(session.copyIn('copy plants from stdin', failing())).rejects.toBe(failure);
    expect(await session.query('select id from plants where id = 90000')).toEqual([]);
  });

  test('a copy of a table that is not there fails, both ways, and the session goes on', async () => {
    await expect(session.copyIn('copy nowhere from stdin', ['1\n'])).rejects.toMatchObject({
      details: { sqlstate: '42P01' },
    });
    await expect(text(session.copyOut('copy nowhere to stdout'))).rejects.toMatchObject({
      details: { sqlstate: '42P01' },
    });
    expect(await session.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a reader that stops early does not have to wait for the rest', async () => {
    const source = session.copyOut('copy (select generate_series(1, 100000000)) to stdout');
    for await (const _chunk of source) {
      break;
    }
    expect(await session.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a statement is cancelled from outside', async () => {
    const running = session.query('select pg_sleep(30)');
    const cancelled = expect(running).rejects.toMatchObject({ code: 'DATABASE_CANCELLED' });
    await sleep(50);
    await session.cancel();
    await cancelled;
    expect(await session.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('cancelling needs no free session', async () => {
    const role = `crowded_${testDatabase.name}`;
    await session.run(
      `drop role if exists ${role}; create role ${role} login password 'x' connection limit 1`,
    );
    try {
      const url = new URL(database.url);
      url.username = role;
      url.password = 'x';
      const only = await openDatabase(url.href).connect();
      const running = expect(only.query('select pg_sleep(30)')).rejects.toMatchObject({
        code: 'DATABASE_CANCELLED',
      });
      await sleep(50);
      await only.cancel();
      await running;
      await only.close();
    } finally {
      await session.run(`drop role ${role}`);
    }
  });

  test.each(['08P01', '08006', '08001'])(
    'an error %s of a statement is no lost connection',
    async (sqlstate) => {
      const raising = session.run(
        `do $$ begin raise exception 'elsewhere' using errcode = '${sqlstate}'; end $$`,
      );
      await expect(raising).rejects.toMatchObject({
        code: 'DATABASE_STATEMENT_FAILED',
        details: { sqlstate },
      });
      expect(await session.query('select 1 as one')).toEqual([{ one: 1 }]);
    },
  );

  test.each([
    ['idle_session_timeout', 'select 1'],
    ['idle_in_transaction_session_timeout', 'begin'],
    ['transaction_timeout', 'begin; select pg_sleep(30)'],
  ])('a session that the server ends by %s is a lost connection', async (setting, sql) => {
    const known = await session.query('select from pg_settings where name = $1', [setting]);
    const impatient = await database.connect();
    if (known.length > 0) {
      await impatient.run(`set ${setting} = '200ms'`);
      const told = impatient.run(sql).catch((error: unknown) => error);
      await expect.poll(() => impatient.isOpen, { timeout: 5000 }).toBe(false);
      const later = await impatient.query('select 1').catch((error: unknown) => error);
      expect(sql.includes('sleep') ? await told : later).toMatchObject({ code: 'DATABASE_CONNECTION_LOST' });
    }
    await impatient.close();
  });

  test('a backend that is terminated is a lost connection, for the call under way and the later ones', async () => {
    const victim = await database.connect();
    const running = victim.query('select pg_sleep(30)');
    const lost = expect(running).rejects.toMatchObject({ code: 'DATABASE_CONNECTION_LOST' });
    await sleep(50);
    await session.query('select pg_terminate_backend($1)', [victim.server.processId]);
    await lost;
    await expect.poll(() => victim.isOpen).toBe(false);
    await expect(victim.query('select 1')).rejects.toMatchObject({ code: 'DATABASE_CONNECTION_LOST' });
    await expect(victim.copyIn('copy plants from stdin', ['1\tx\n'])).rejects.toMatchObject({
      code: 'DATABASE_CONNECTION_LOST',
    });
    await expect(text(victim.copyOut('copy plants to stdout'))).rejects.toMatchObject({
      code: 'DATABASE_CONNECTION_LOST',
    });
    await victim.close();
  });

  test('a backend that is terminated in the middle of a copy is a lost connection', async () => {
    const victim = await database.connect();
    async function* endless(): AsyncGenerator<string> {
      for (let id = 1_000_000; ; id += 1) {
        yield `${id}\tplant\n`;
        await sleep(1);
      }
    }
    const copying = victim.copyIn('copy plants from stdin', endless());
    const lost = expect(copying).rejects.toMatchObject({ code: 'DATABASE_CONNECTION_LOST' });
    await sleep(50);
    await session.query('select pg_terminate_backend($1)', [victim.server.processId]);
    await lost;
    await victim.close();
  });

  test('closing under a statement that runs does not wait for it', async () => {
    const other = await database.connect();
    const running = other.query('select pg_sleep(30)').catch((cause: unknown) => cause);
    await sleep(50);
    const before = performance.now();
    await other.close();
    expect(performance.now() - before).toBeLessThan(1000);
    expect(await running).toMatchObject({ code: 'DATABASE_CONNECTION_LOST' });
    await other.close();
  });

  test('withSession closes the session however the work ends', async () => {
    let used: Session | undefined;
    const failing = withSession(database, async (own) => {
      used = own;
      throw new Error('stop here');
    });
    await expect(failing).rejects.toThrow('stop here');
    expect(used?.isOpen).toBe(false);
  });
});
