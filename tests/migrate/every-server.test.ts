/** What the engine promises, on every PostgreSQL version that Plinth supports. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase, type Session } from '../../src/database/index.js';
import { apply, rollback, status } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { databaseState, ledgerState } from './database-state.js';
import { cuttingDatabase } from './faults/cutting-database.js';
import { type FaultCase, loadFaultCases, migrate, prepareDatabase, recover } from './faults/fault-case.js';
import { migrationFolders } from './migration-folder.js';

const { cases, dispose } = loadFaultCases();
const folderOf = migrationFolders();
afterAll(dispose);

describeOnEveryServer('the migration engine', ({ url }) => {
  let test: TestDatabase;
  let admin: Session;

  beforeAll(async () => {
    test = await createTestDatabase({ serverUrl: await url() });
    admin = await test.database.connect();
  });

  afterAll(async () => {
    await admin?.close();
    await test?.drop();
  });

  const schemaAndRows = async (): Promise<string> => (await databaseState(admin)).join('\n');

  for (const faultCase of cases) {
    it(`${faultCase.name}: up, down and up again, and cut once outside any transaction`, {
      timeout: 60_000,
    }, async () => {
      await prepareDatabase(admin, faultCase);
      await migrate(test.database, faultCase, 'up');
      const applied = await schemaAndRows();
      const ledger = await ledgerState(admin);
      expect(ledger).toContain(`1 time(s) applied ${faultCase.name === 'several' ? 4 : 1}`);
      await migrate(test.database, faultCase, 'down');
      expect(await ledgerState(admin)).not.toContainEqual(expect.stringContaining('migration '));

      await cutInTheMiddle(faultCase);
      expect(await schemaAndRows()).toBe(applied);
      expect(await ledgerState(admin)).toEqual(ledger);
    });
  }

  /** A run from the beginning, whose server process is ended half-way, and the run after it. */
  async function cutInTheMiddle(faultCase: FaultCase): Promise<void> {
    await prepareDatabase(admin, faultCase);
    const counting = cuttingDatabase(test.database, undefined);
    await migrate(counting.database, faultCase, 'up');
    await prepareDatabase(admin, faultCase);
    const { database } = cuttingDatabase(test.database, {
      call: counting.sent.length - 3,
      phase: 'before',
      strike: async ({ server }) => {
        await admin.query('select pg_terminate_backend($1, 10000)', [server.processId]);
      },
      endsClient: false,
    });
    await migrate(database, faultCase, 'up').catch(() => {});
    await recover(test.database, faultCase, 'up');
  }

  it('the status names the server, the version and what is left to do', async () => {
    const folder = { path: folderOf({ '1_a.up.sql': 'create table stood ();', '2_b.up.sql': 'select 1;' }) };
    const options = { database: test.database, target: 'status', folder };
    await apply({ ...options, steps: 1 });
    expect(await status(options)).toMatchObject({
      version: '1',
      serverVersion: admin.server.version,
      counts: { applied: 1, pending: 1 },
      lockedBy: undefined,
    });
  });

  it('a role that is no superuser migrates what it owns', async () => {
    const owner = await roleDatabase('plinth_test_owner', 'grant create on database');
    const files = {
      '1_a.up.sql':
        'create schema owned; create table owned.t (id integer); create index concurrently t_idx on owned.t (id);',
      '1_a.down.sql': 'drop index concurrently owned.t_idx; drop schema owned cascade;',
    };
    const options = { database: owner, target: 'main', folder: { path: folderOf(files) } };
    await admin.run('drop schema if exists plinth cascade');
    await apply(options);
    expect((await status(options)).migrations[0]!.appliedBy).toContain('plinth_test_owner');
    await rollback(options);
    await admin.run('drop schema plinth cascade');
  });

  it('a role that may not make the ledger is told so', async () => {
    await admin.run('drop schema if exists plinth cascade');
    const guest = await roleDatabase('plinth_test_guest', 'revoke create on database');
    const options = {
      database: guest,
      target: 'main',
      folder: { path: folderOf({ '1_a.up.sql': 'select 1;' }) },
    };
    await expect(apply(options)).rejects.toMatchObject({
      code: 'MIGRATE_LEDGER_DENIED',
      message: expect.stringContaining("the role 'plinth_test_guest' may not create the schema plinth"),
    });
  });

  it('a role that may not read or write the ledger is told so', async () => {
    const folder = { path: folderOf({ '1_a.up.sql': 'select 1;' }) };
    await apply({ database: test.database, target: 'main', folder });
    const guest = {
      database: await roleDatabase('plinth_test_guest', 'revoke create on database'),
      target: 'main',
      folder,
    };
    await expect(apply(guest)).rejects.toMatchObject({ code: 'MIGRATE_LEDGER_DENIED' });
    await expect(status(guest)).rejects.toMatchObject({ code: 'MIGRATE_LEDGER_DENIED' });
    await admin.run(
      'grant usage on schema plinth to plinth_test_guest; grant select on all tables in schema plinth to plinth_test_guest',
    );
    expect((await status(guest)).counts).toMatchObject({ applied: 1 });
    await expect(apply(guest)).rejects.toMatchObject({ code: 'MIGRATE_LEDGER_DENIED' });
  });

  async function roleDatabase(role: string, right: string): Promise<Database> {
    await admin.run(`
      do $$ begin create role ${role} login password 'test'; exception when duplicate_object or unique_violation then null; end $$;
      ${right} ${test.name} ${right.startsWith('grant') ? 'to' : 'from'} ${role}`);
    const own = new URL(test.url);
    own.username = role;
    own.password = 'test';
    return openDatabase(own.href);
  }
});
