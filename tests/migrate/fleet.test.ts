import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ProgressEvent } from '../../src/core/index.js';
import { ensureDatabase, openDatabase, withDatabaseName, withSession } from '../../src/database/index.js';
import { overFleet } from '../../src/migrate/fleet/over-fleet.js';
import {
  applyFleet,
  type Fleet,
  type FleetKind,
  fleetMembers,
  fleetStatus,
  type MigrateOptions,
  planFleet,
  queryMemberNames,
  rollbackFleet,
} from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { migrationFolders } from './migration-folder.js';

const newFolder = migrationFolders();
const FILES = {
  '1_accounts.up.sql': 'create table accounts (id int primary key, note text);',
  '1_accounts.down.sql': 'drop table accounts;',
  '2_index.up.sql': 'create index concurrently accounts_note_idx on accounts (note);',
  '2_index.down.sql': 'drop index accounts_note_idx;',
};

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `tenant_${String(index).padStart(3, '0')}`);
}

function run(sql: string): Promise<unknown> {
  return withSession(database.database, (session) => session.run(sql));
}

async function makeSchemas(schemas: readonly string[]): Promise<void> {
  await run(schemas.map((name) => `create schema "${name}"`).join(';'));
}

function optionsFor(files: Readonly<Record<string, string>> = FILES): MigrateOptions {
  return { database: database.database, target: 'main', folder: { path: newFolder(files) } };
}

function fleetOf(
  members: readonly string[],
  options: MigrateOptions,
  changes: Partial<Fleet> & { readonly kind?: FleetKind } = {},
): Fleet {
  const kind = changes.kind ?? 'schema';
  return { target: 'main', kind, members: fleetMembers(kind, members, options), ...changes };
}

/** `schema.relation` of every table and index outside of the system and the ledger. */
async function relations(): Promise<string[]> {
  const rows = await withSession(database.database, (session) =>
    session.query<{ name: string }>(
      `select relnamespace::regnamespace || '.' || relname as name
         from pg_catalog.pg_class
        where relkind in ('r', 'i') and relname like 'accounts%'
        order by name`,
    ),
  );
  return rows.map(({ name }) => name);
}

describe('A fleet of schemas', () => {
  test('is migrated each in its own, in transactions and outside, and rolled back', async () => {
    const schemas = ['first', 'Second "quoted"'];
    await run('create schema first; create schema "Second ""quoted"""');
    const fleet = fleetOf(schemas, optionsFor());
    const report = await applyFleet(fleet);
    expect(report.counts).toEqual({ changed: 2, unchanged: 0, failed: 0, 'not-started': 0 });
    expect(await relations()).toEqual([
      '"Second ""quoted""".accounts',
      '"Second ""quoted""".accounts_note_idx',
      '"Second ""quoted""".accounts_pkey',
      'first.accounts',
      'first.accounts_note_idx',
      'first.accounts_pkey',
    ]);
    const status = await fleetStatus(fleet);
    expect(status.members.map(({ version, unsettled }) => [version, unsettled])).toEqual([
      ['2', []],
      ['2', []],
    ]);
    expect((await applyFleet(fleet)).counts.unchanged).toBe(2);
    expect((await rollbackFleet(fleet, { to: '0' })).counts.changed).toBe(2);
    expect((await rollbackFleet(fleet, { to: '0' })).counts.unchanged).toBe(2);
    expect(await relations()).toEqual([]);
  });

  test('never takes a name for a table of public', async () => {
    await makeSchemas(['tenant']);
    await run('create table public.accounts (id int)');
    const options = optionsFor({
      '1_drop.up.sql': 'drop table if exists accounts;',
      '1_drop.down.sql': 'select 1;',
    });
    await applyFleet(fleetOf(['tenant'], options));
    expect(await relations()).toEqual(['public.accounts']);
  });

  test('finds what the shared schemas hold', async () => {
    await makeSchemas(['tenant', 'extensions']);
    await run('create domain extensions.email as text');
    const options = optionsFor({ '1_a.up.sql': 'create table accounts (mail email);' });
    const alone = await applyFleet(fleetOf(['tenant'], options));
    expect(alone.members[0]!.error?.code).toBe('MIGRATE_STATEMENT_FAILED');
    const shared = await applyFleet(fleetOf(['tenant'], { ...options, sharedSchemas: ['extensions'] }));
    expect(shared.counts.changed).toBe(1);
    expect(await relations()).toEqual(['tenant.accounts']);
  });

  test('has a member that is not there as its failure, and makes no ledger for it', async () => {
    const report = await applyFleet(fleetOf(['nowhere'], optionsFor()));
    expect(report.members[0]!.error?.code).toBe('MIGRATE_SCHEMA_NOT_FOUND');
    const status = await fleetStatus(fleetOf(['nowhere'], optionsFor()));
    expect(status.members[0]!.error?.code).toBe('MIGRATE_SCHEMA_NOT_FOUND');
    const [found] = await withSession(database.database, (session) =>
      session.query(`select from pg_catalog.pg_namespace where nspname = 'plinth'`),
    );
    expect(found).toBeUndefined();
  });

  test('is migrated all at once though none has a ledger yet', async () => {
    const schemas = names(8);
    await makeSchemas(schemas);
    const policy = { canary: 0, parallel: 8 };
    const report = await applyFleet(fleetOf(schemas, optionsFor(), { policy }));
    expect(report.counts.changed).toBe(8);
  });

  test('is planned in groups of members that would be changed alike', async () => {
    const schemas = names(4);
    await makeSchemas(schemas);
    const fleet = fleetOf(schemas, optionsFor());
    await applyFleet(fleetOf(schemas.slice(0, 1), optionsFor()));
    const plan = await planFleet({
      ...fleet,
      members: fleetMembers('schema', [...schemas, 'nowhere'], optionsFor()),
    });
    expect(plan.groups.map((group) => [group.members.length, group.plan.migrations.length])).toEqual([
      [1, 0],
      [3, 2],
    ]);
    expect(plan.failed.map(({ name, error }) => [name, error.code])).toEqual([
      ['nowhere', 'MIGRATE_SCHEMA_NOT_FOUND'],
    ]);
  });
});

describe('When members fail', () => {
  /** A fleet in which the tenants of these numbers have a table in the way. */
  async function fleetWithFailing(
    count: number,
    failing: readonly number[],
    policy: Fleet['policy'],
  ): Promise<Fleet> {
    const schemas = names(count);
    await makeSchemas(schemas);
    await run(failing.map((at) => `create view "${schemas[at]}".accounts as select 1 as x`).join(';'));
    return fleetOf(schemas, optionsFor(), policy ? { policy } : {});
  }

  test('a canary ends it at once', async () => {
    const fleet = await fleetWithFailing(5, [0], { canary: 2 });
    const report = await applyFleet(fleet);
    expect(report.counts).toEqual({ changed: 0, unchanged: 0, failed: 1, 'not-started': 4 });
    expect(report.stopped).toBe('a canary failed');
  });

  test('no more are started after the first, and running again goes on', async () => {
    const fleet = await fleetWithFailing(6, [2], { parallel: 1 });
    const report = await applyFleet(fleet);
    expect(report.members.map(({ state }) => state)).toEqual([
      'changed',
      'changed',
      'failed',
      'not-started',
      'not-started',
      'not-started',
    ]);
    expect(report.stopped).toBe('one failed');
    expect(report.members[2]!.error).toMatchObject({ code: 'MIGRATE_STATEMENT_FAILED' });
    await run(`drop view ${names(3)[2]}.accounts`);
    expect((await applyFleet(fleet)).counts).toEqual({
      changed: 4,
      unchanged: 2,
      failed: 0,
      'not-started': 0,
    });
  });

  test('as many may as it is told', async () => {
    const fleet = await fleetWithFailing(8, [2, 4], { parallel: 1, stopAfterFailures: 3 });
    const report = await applyFleet(fleet);
    expect(report.counts).toEqual({ changed: 6, unchanged: 0, failed: 2, 'not-started': 0 });
    expect(report.stopped).toBeUndefined();
  });

  test('an interruption starts no more', async () => {
    const schemas = names(6);
    await makeSchemas(schemas);
    const interrupt = new AbortController();
    const onProgress = ({ done }: ProgressEvent): void => {
      if (done === 2) {
        interrupt.abort();
      }
    };
    const policy = { parallel: 1 };
    const report = await applyFleet(
      fleetOf(schemas, optionsFor(), { policy, onProgress, signal: interrupt.signal }),
    );
    expect(report.counts).toEqual({ changed: 2, unchanged: 0, failed: 0, 'not-started': 4 });
    expect(report.stopped).toBe('it was interrupted');
  });

  test('a defect is thrown once the others have ended', async () => {
    const ended: string[] = [];
    const members = fleetMembers('schema', ['a', 'b'], optionsFor());
    const work = async ({ name }: { readonly name: string }): Promise<void> => {
      if (name === 'a') {
        throw new TypeError('a defect');
      }
      await new Promise((resume) => setTimeout(resume, 20));
      ended.push(name);
    };
    const options = { task: 'test', unit: 'schemas', policy: { canary: 0 } };
    await expect(overFleet(members, options, work)).rejects.toThrow(TypeError);
    expect(ended).toEqual(['b']);
  });
});

describe('A query', () => {
  test('names the members in its first column', async () => {
    const sql = 'select name, 1 from (values (1, $$b$$), (2, $$a$$)) as t (at, name) order by at';
    expect(await queryMemberNames(database.database, 'main', sql)).toEqual(['b', 'a']);
  });

  test.each([
    ['is refused by the server', 'select name from nowhere', 'relation "nowhere" does not exist'],
    ['gives no names', 'select 1', 'its query gave a number'],
    ['gives null', 'select null::text', 'its query gave null'],
    ['writes', 'create table t (a int)', 'read-only transaction'],
  ])('that %s is a coded error', async (_, sql, message) => {
    await expect(queryMemberNames(database.database, 'main', sql)).rejects.toMatchObject({
      code: 'MIGRATE_FLEET_QUERY_FAILED',
      message: expect.stringContaining(message),
    });
  });
});

describe('Hundreds of members', () => {
  test('200 schemas are migrated within the connections that were allowed', async () => {
    const schemas = names(200);
    await makeSchemas(schemas);
    const fleet = fleetOf(schemas, optionsFor({ '1_a.up.sql': FILES['1_accounts.up.sql'] }), {
      policy: { parallel: 4 },
    });
    const watched = await mostConnections(() => applyFleet(fleet));
    expect(watched.result.counts.changed).toBe(200);
    // One for the run and one that keeps its lease, for each of four.
    expect(watched.most).toBeLessThanOrEqual(8);
    expect(watched.result.durationMs).toBeLessThan(30_000);
  }, 60_000);

  /** The most connections to the database at once while `work` runs, one that counts them left out. */
  async function mostConnections<T>(work: () => Promise<T>): Promise<{ result: T; most: number }> {
    return withSession(database.database, async (session) => {
      let most = 0;
      let isDone = false;
      const watching = (async () => {
        while (!isDone) {
          const [row] = await session.query<{ count: number }>(
            `select count(*)::int as count from pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()`,
          );
          most = Math.max(most, row!.count);
          await new Promise((resume) => setTimeout(resume, 20));
        }
      })();
      const result = await work();
      isDone = true;
      await watching;
      return { result, most };
    });
  }

  describe('of databases', () => {
    const COUNT = 50;
    let databases: string[] = [];
    let serverUrl = '';
    beforeAll(async () => {
      const anchor = await createTestDatabase();
      serverUrl = anchor.url;
      databases = names(COUNT).map((name) => `${anchor.name}_${name}`);
      await anchor.drop();
      for (const name of databases) {
        await ensureDatabase(serverUrl, name, { template: 'template0' });
      }
    }, 60_000);
    afterAll(async () => {
      await withSession(openDatabase(withDatabaseName(serverUrl, 'postgres')), async (session) => {
        for (const name of databases) {
          await session.run(`drop database if exists "${name}" with (force)`);
        }
      });
    }, 60_000);

    test('50 are migrated, each with a ledger of its own', async () => {
      const report = await applyFleet(fleetOf(databases, optionsFor(), { kind: 'database' }));
      expect(report.counts.changed).toBe(COUNT);
      const url = withDatabaseName(serverUrl, databases[7]!);
      const [row] = await withSession(openDatabase(url), (session) =>
        session.query('select count(*)::int as count from plinth.migrations'),
      );
      expect(row).toEqual({ count: 2 });
    }, 60_000);

    test('one that does not exist fails by itself', async () => {
      const fleet = fleetOf([databases[0]!, 'no_such_database'], optionsFor(), { kind: 'database' });
      const report = await applyFleet(fleet);
      expect(report.members.map(({ state, error }) => [state, error?.code])).toEqual([
        ['unchanged', undefined],
        ['failed', 'DATABASE_NOT_FOUND'],
      ]);
    });
  });
});
