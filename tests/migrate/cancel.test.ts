/** A run that is told to stop ends soon, keeps nothing half done that it could not go on with, and frees the lock. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { apply, type MigrateOptions, status } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { migrationFolders } from './migration-folder.js';

const folderOf = migrationFolders();
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await withSession(test.database, (session) =>
    session.run('create table busy (id integer); insert into busy values (1)'),
  );
});

afterAll(() => test.drop());

async function cancelled(sql: string, options: Partial<MigrateOptions> = {}): Promise<MigrateOptions> {
  const stop = new AbortController();
  const all: MigrateOptions = {
    database: test.database,
    target: expect.getState().currentTestName!,
    folder: { path: folderOf({ '1_a.up.sql': sql }) },
    ...options,
  };
  const run = apply({ ...all, signal: stop.signal });
  setTimeout(() => stop.abort(), 700);
  const startedMs = performance.now();
  await expect(run).rejects.toMatchObject({ code: 'MIGRATE_CANCELLED' });
  expect(performance.now() - startedMs).toBeLessThan(5000);
  return all;
}

describe('a run that is told to stop', () => {
  it('in a statement: its transaction is rolled back', async () => {
    const options = await cancelled('create table never (id integer); select pg_sleep(30);');
    const { counts, lockedBy } = await status(options);
    expect(counts).toMatchObject({ pending: 1, applied: 0, interrupted: 0 });
    expect(lockedBy).toBeUndefined();
  });

  it('in an index build: at once, and the next run removes what is half done and goes on', async () => {
    await withSession(test.database, async (blocker) => {
      await blocker.run('begin; update busy set id = 1');
      // Dropping the index would wait for the same transaction as building it.
      const options = await cancelled('create index concurrently busy_idx on busy (id);');
      await blocker.run('commit');
      expect((await status(options)).counts).toMatchObject({ interrupted: 1 });
      expect(await blocker.query('select from pg_index where not indisvalid')).toHaveLength(1);
      await apply(options);
      expect((await status(options)).counts).toMatchObject({ applied: 1 });
      expect(await blocker.query('select from pg_index where not indisvalid')).toEqual([]);
    });
  });

  it('while it pauses between two tries', async () => {
    await withSession(test.database, async (blocker) => {
      await blocker.run('begin; lock table busy');
      await cancelled('alter table busy add column late integer;', {
        limits: { lockTimeoutMs: 50, retryForMs: 60_000 },
      });
    });
  });

  it('while it waits for another run', async () => {
    const target = expect.getState().currentTestName!;
    const folder = { path: folderOf({ '1_a.up.sql': 'select pg_sleep(2);' }) };
    const other = apply({ database: test.database, target, folder });
    while (!(await status({ database: test.database, target, folder })).lockedBy) {
      await sleep(20);
    }
    await cancelled('select 1;');
    await other;
  });
});
