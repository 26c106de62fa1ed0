/** What was interrupted is finished first, and counts as one of the steps that are asked for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { apply, type MigrateOptions, plan, rollback, status } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { migrationFolders } from './migration-folder.js';

const folderOf = migrationFolders();
let place: TestDatabase;

beforeAll(async () => {
  place = await createTestDatabase();
  await withSession(place.database, (session) =>
    session.run(
      'create table busy (id integer); create table free (id integer); insert into free values (1)',
    ),
  );
});

afterAll(async () => {
  await place.drop();
});

/** Four migrations; the third stops on either way where `free` has no row. */
function migrations(): MigrateOptions {
  const target = expect.getState().currentTestName!;
  const name = `i_${target.replace(/\W+/g, '_').slice(-40)}`;
  return {
    database: place.database,
    target,
    folder: {
      path: folderOf({
        '1_a.up.sql': 'select 1;',
        '1_a.down.sql': 'select 1;',
        '2_b.up.sql': 'select 1;',
        '2_b.down.sql': 'select 1;',
        '3_c.up.sql': `create index concurrently ${name} on busy (id);\nselect 1 / count(*) from free;`,
        '3_c.down.sql': `drop index concurrently ${name};\nselect 1 / count(*) from free;`,
        '4_d.up.sql': 'select 1;',
        '4_d.down.sql': 'select 1;',
      }),
    },
  };
}

/** Runs `work`, which cannot finish the third migration yet. */
async function interrupted(work: () => Promise<unknown>): Promise<void> {
  await withSession(place.database, async (session) => {
    await session.run('delete from free');
    await expect(work()).rejects.toMatchObject({ code: 'MIGRATE_STATEMENT_FAILED' });
    await session.run('insert into free values (1)');
  });
}

async function applied(options: MigrateOptions): Promise<readonly string[]> {
  const { migrations: all } = await status(options);
  return all.flatMap(({ version, state }) => (state === 'applied' ? [version] : []));
}

describe('an interrupted rollback', () => {
  test('is the one step that the next rollback takes', async () => {
    const options = migrations();
    await apply({ ...options, to: '3' });
    await interrupted(() => rollback(options));
    expect((await plan({ ...options, direction: 'down' })).migrations.map(({ version }) => version)).toEqual([
      '3',
    ]);
    const report = await rollback({ ...options, steps: 1 });
    expect(report.migrations.map(({ version }) => version)).toEqual(['3']);
    expect(await applied(options)).toEqual(['1', '2']);
  });

  test('is the first of two steps', async () => {
    const options = migrations();
    await apply({ ...options, to: '3' });
    await interrupted(() => rollback(options));
    await rollback({ ...options, steps: 2 });
    expect(await applied(options)).toEqual(['1']);
  });

  test('is finished on the way to a version', async () => {
    const options = migrations();
    await apply({ ...options, to: '3' });
    await interrupted(() => rollback(options));
    await rollback({ ...options, to: '0' });
    expect(await applied(options)).toEqual([]);
  });

  test('of the last run goes on with what that run applied, and no further', async () => {
    const options = migrations();
    await apply({ ...options, to: '1' });
    await apply({ ...options, to: '3' });
    await interrupted(() => rollback({ ...options, lastRun: true }));
    await rollback({ ...options, lastRun: true });
    expect(await applied(options)).toEqual(['1']);
  });

  test('of the only migration that is left leaves nothing to do, and is no error', async () => {
    const options = migrations();
    await apply({ ...options, to: '3' });
    await interrupted(() => rollback({ ...options, to: '0' }));
    const report = await rollback({ ...options, steps: 3 });
    expect(report.migrations.map(({ version }) => version)).toEqual(['3', '2', '1']);
  });
});

describe('an interrupted apply', () => {
  test('is the one step that the next apply takes', async () => {
    const options = migrations();
    await interrupted(() => apply(options));
    expect((await plan({ ...options, steps: 1 })).migrations).toEqual([]);
    await apply({ ...options, steps: 1 });
    expect(await applied(options)).toEqual(['1', '2', '3']);
    await apply({ ...options, steps: 1 });
    expect(await applied(options)).toEqual(['1', '2', '3', '4']);
  });

  test('is finished and then rolled back by one step of a rollback', async () => {
    const options = migrations();
    await interrupted(() => apply(options));
    await rollback({ ...options, steps: 1 });
    expect(await applied(options)).toEqual(['1', '2']);
  });
});
