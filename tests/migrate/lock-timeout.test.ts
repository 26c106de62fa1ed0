/** Locks that others hold: waiting for them is short, repeated, explained, and blocks nobody for long. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlinthError } from '../../src/core/index.js';
import { type Session, withSession } from '../../src/database/index.js';
import { apply, type MigrateOptions } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { migrationFolders } from './migration-folder.js';

const folderOf = migrationFolders();
let test: TestDatabase;
let blocker: Session;

beforeAll(async () => {
  test = await createTestDatabase();
  blocker = await test.database.connect({ applicationName: 'nightly report' });
  await blocker.run(
    'create table busy (id integer, note text); insert into busy values (1, null); create table other (id integer)',
  );
});

beforeEach(async () => {
  await blocker.run('rollback; drop schema if exists plinth cascade');
});

afterAll(async () => {
  await blocker.close();
  await test.drop();
});

function optionsFor(sql: string, limits: MigrateOptions['limits']): MigrateOptions {
  return {
    database: test.database,
    target: 'main',
    folder: { path: folderOf({ '1_a.up.sql': sql }) },
    limits: limits ?? {},
  };
}

describe('a lock that somebody else holds', () => {
  it('is got when it is free again, without anybody blocked behind for longer than lock_timeout', async () => {
    await blocker.run("begin; select from busy where note = 'secret'");
    const messages: string[] = [];
    const run = apply({
      ...optionsFor('alter table busy add column more integer', { lockTimeoutMs: 400, retryForMs: 20_000 }),
      onProgress: ({ message }) => messages.push(message ?? ''),
    });
    const longestMs = await longestRead(2500);
    await blocker.run('commit');
    const report = await run;
    expect(report.migrations[0]).toMatchObject({ version: '1' });
    expect(report.migrations[0]!.retries).toBeGreaterThan(0);
    expect(report.migrations[0]!.lockWaitMs).toBeGreaterThan(0);
    expect(longestMs).toBeGreaterThan(100);
    expect(longestMs).toBeLessThan(1000);
    expect(messages.join('\n')).toContain(`held by server process ${blocker.server.processId}`);
  });

  it('is given up at the deadline, naming who holds it, for how long, and with which query', async () => {
    await blocker.run("begin; update busy set note = 'secret' where id = 1");
    const failure = await failureOf(
      optionsFor('alter table busy add column late integer', { lockTimeoutMs: 400, retryForMs: 1000 }),
    );
    expect(failure.code).toBe('MIGRATE_LOCK_TIMEOUT');
    expect(failure.message).toContain(`process ${blocker.server.processId}`);
    expect(failure.message).toContain('nightly report');
    expect(failure.message).toMatch(/idle in transaction, transaction \d+ s old/);
    expect(failure.message).toMatch(/update busy set note = .* where id = /);
    expect(failure.message).not.toContain('secret');
    expect(await tablesColumns()).not.toContain('late');
  });

  it.each([['vacuum full busy'], ['reindex (verbose) table busy; vacuum full busy']])(
    'is not queued for longer by %s, which runs outside any transaction',
    async (sql) => {
      await blocker.run('begin; select from busy');
      const failed = failureOf(optionsFor(sql, { lockTimeoutMs: 300, retryForMs: 1500 }));
      const longestMs = await longestRead(1200);
      expect((await failed).code).toBe('MIGRATE_LOCK_TIMEOUT');
      expect(longestMs).toBeLessThan(1000);
    },
  );

  it('may be waited for by an index build, which blocks no reader and no writer', async () => {
    await blocker.run('begin; update busy set id = 1 where id = 1');
    const run = apply(
      optionsFor('create index concurrently busy_idx on busy (id)', {
        lockTimeoutMs: 200,
        retryForMs: 20_000,
      }),
    );
    const longestMs = await longestRead(1200);
    await blocker.run('commit');
    expect((await run).migrations[0]).toMatchObject({ retries: 0 });
    expect(longestMs).toBeLessThan(300);
  });

  it('has the time that the script itself gives it', async () => {
    await blocker.run('begin; update busy set id = 1 where id = 1');
    const failure = await failureOf(
      optionsFor("set lock_timeout = '300ms';\ncreate index concurrently busy_own_idx on busy (id)", {
        retryForMs: 500,
      }),
    );
    expect(failure.code).toBe('MIGRATE_LOCK_TIMEOUT');
    await blocker.run('rollback');
  });
});

describe('a race that PostgreSQL ends', () => {
  it('is run again after a deadlock', async () => {
    await blocker.run('begin; lock table other');
    const run = apply(
      optionsFor(
        'lock table busy in access exclusive mode; lock table other; create table after_deadlock ()',
        {
          lockTimeoutMs: 10_000,
          retryForMs: 10_000,
        },
      ),
    );
    await waitUntilWaiting();
    // Its own deadlock time-out must not be the one that fires.
    await blocker.run("set local deadlock_timeout = '10min'; lock table busy; commit");
    expect((await run).migrations[0]!.retries).toBeGreaterThan(0);
  });

  it('is run again after a serialization failure', async () => {
    await blocker.run("update busy set note = 'a'");
    const run = apply(
      optionsFor(
        "begin isolation level repeatable read; select from busy; select pg_sleep(1); update busy set note = note || 'b'; commit",
        { retryForMs: 10_000 },
      ),
    );
    while ((await blocker.query(SLEEPING)).length === 0) {
      await sleep(20);
    }
    await blocker.run("update busy set note = 'c'");
    expect((await run).migrations[0]!.retries).toBe(1);
    expect(await blocker.query('select note from busy')).toEqual([{ note: 'cb' }]);
  });
});

const SLEEPING = "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";

/** The longest that a reader of the table waited, over so many milliseconds. */
async function longestRead(forMs: number): Promise<number> {
  return withSession(test.database, async (session) => {
    let longestMs = 0;
    for (const end = performance.now() + forMs; performance.now() < end; ) {
      const startedMs = performance.now();
      await session.query('select from busy');
      longestMs = Math.max(longestMs, performance.now() - startedMs);
      await sleep(5);
    }
    return longestMs;
  });
}

async function failureOf(options: MigrateOptions): Promise<PlinthError> {
  const failure = await apply(options).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PlinthError);
  return failure as PlinthError;
}

async function tablesColumns(): Promise<string[]> {
  const rows = await blocker.query<{ attname: string }>(
    "select attname::text from pg_attribute where attrelid = 'busy'::regclass and attnum > 0",
  );
  return rows.map(({ attname }) => attname);
}

async function waitUntilWaiting(): Promise<void> {
  await withSession(test.database, async (session) => {
    for (;;) {
      const rows = await session.query(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      );
      if (rows.length > 0) {
        return;
      }
      await sleep(20);
    }
  });
}
