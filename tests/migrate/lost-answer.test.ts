/** A commit whose answer is lost is looked up: the run goes on when it took effect, and says so when it did not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Session, withSession } from '../../src/database/index.js';
import { apply, type MigrateOptions, status } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type CuttingDatabase, cuttingDatabase } from './faults/cutting-database.js';
import { migrationFolders } from './migration-folder.js';

const folderOf = migrationFolders();
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await apply(optionsFor('ledger'));
  const counting = cuttingDatabase(test.database, undefined);
  await apply({ ...optionsFor('counted'), database: counting.database });
  firstMigration = 1 + counting.sent.findIndex((sql) => sql.includes('create table counted_a'));
});

afterAll(() => test.drop());

async function terminate({ server }: Session): Promise<void> {
  await withSession(test.database, (admin) =>
    admin.query('select pg_terminate_backend($1, 5000)', [server.processId]),
  );
}

function cutAt(call: number, phase: 'before' | 'after'): CuttingDatabase {
  return cuttingDatabase(test.database, { call, phase, strike: terminate, endsClient: false });
}

/** The number of the call that applies the first migration, on a database that has the ledger. */
let firstMigration: number;

function optionsFor(target: string): MigrateOptions {
  const files = {
    '1_a.up.sql': `create table ${target}_a (id integer);`,
    // Says what only a statement of the run can see for certain: whether the run holds the lock now.
    '2_b.up.sql': `insert into ${target}_a values (1);
      create table ${target}_held as
        select owner is not null as held from plinth.locks where target = '${target}';`,
    '3_c.up.sql': `create index concurrently ${target}_idx on ${target}_a (id);`,
    '4_d.up.sql': `insert into ${target}_a values (2);`,
  };
  return { database: test.database, target, folder: { path: folderOf(files) } };
}

async function rowsOf(target: string): Promise<unknown> {
  return withSession(test.database, (session) => session.query(`select id from ${target}_a order by id`));
}

describe('a commit whose answer is lost', () => {
  it('took effect: the run goes on in a new connection, still holding the lock', async () => {
    const options = optionsFor('kept');
    const report = await apply({ ...options, database: cutAt(firstMigration, 'after').database });
    expect(report.migrations.map(({ version }) => version)).toEqual(['1', '2', '3', '4']);
    expect(await rowsOf('kept')).toEqual([{ id: 1 }, { id: 2 }]);
    expect((await status(options)).lockedBy).toBeUndefined();
    const held = await withSession(test.database, (session) => session.query('select held from kept_held'));
    expect(held).toEqual([{ held: true }]);
  });

  it('did not: the run ends, nothing of the migration is there, and the lock is free', async () => {
    const options = optionsFor('gone');
    await expect(
      apply({ ...options, database: cutAt(firstMigration + 1, 'before').database }),
    ).rejects.toMatchObject({ code: 'DATABASE_CONNECTION_LOST' });
    const { counts, lockedBy } = await status(options);
    expect(counts).toMatchObject({ applied: 1, pending: 3 });
    expect(lockedBy).toBeUndefined();
    expect(await rowsOf('gone')).toEqual([]);
    await apply(options);
    expect(await rowsOf('gone')).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it('is looked up again when the lookup is cut, too', async () => {
    const options = optionsFor('twice');
    const first = cutAt(firstMigration, 'after');
    // The session that replaces the first sets itself up, regains the lease and looks.
    const [regains, looks] = [firstMigration + 3, firstMigration + 4];
    const second = cuttingDatabase(first.database, {
      call: regains,
      phase: 'after',
      strike: terminate,
      endsClient: false,
    });
    const third = cuttingDatabase(second.database, {
      call: looks + 2,
      phase: 'before',
      strike: terminate,
      endsClient: false,
    });
    await apply({ ...options, database: third.database, to: '2' });
    expect(await rowsOf('twice')).toEqual([{ id: 1 }]);
  });

  it('is not waited for when another run has taken over by then', async () => {
    const options = optionsFor('robbed');
    const cut = cuttingDatabase(test.database, {
      call: firstMigration + 1,
      phase: 'before',
      strike: async (session) => {
        await withSession(test.database, (admin) =>
          admin.query(
            `update plinth.locks
                set owner = gen_random_uuid(), client = 'somebody else', direct = false,
                    expires_at = now() + interval '1 hour'
              where target = 'robbed'`,
          ),
        );
        await terminate(session);
      },
      endsClient: false,
    });
    await expect(apply({ ...options, database: cut.database })).rejects.toMatchObject({
      code: 'MIGRATE_LOCK_LOST',
    });
    expect(await rowsOf('robbed')).toEqual([]);
  });
});
