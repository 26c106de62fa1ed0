/** Several plain migrations in one message: each stays its own, whatever becomes of its neighbours. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { apply, type MigrateOptions, rollback, status } from '../../src/migrate/index.js';
import { createTestDatabase, serverUrl, type TestDatabase } from '../support/database.js';
import { cuttingDatabase } from './faults/cutting-database.js';
import { migrationFolders } from './migration-folder.js';

const folderOf = migrationFolders();
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await withSession(test.database, (session) =>
    session.run(`
      create schema shared;
      create table shared.parents (id integer, constraint parents_pkey primary key (id));
      create table shared.children (
        parent_id integer,
        constraint children_parent_fkey foreign key (parent_id) references shared.parents (id)
          deferrable initially deferred
      );
      create function shared.orphan() returns integer language sql as
        'insert into shared.children values (7) returning parent_id';
      create function shared.warn(text) returns integer language plpgsql as
        'begin raise warning ''%'', $1; return 1; end';
      create table shared.busy (id integer);
      create table public.indexed (id integer);
    `),
  );
});

afterAll(() => test.drop());

/** Three migrations come before, so that the next four share a message. */
const BEFORE = 3;

function optionsFor(target: string, scripts: readonly string[]): MigrateOptions {
  const simple = Array.from(
    { length: BEFORE },
    (_, index) => `create table ${target}_before_${index} (id integer);`,
  );
  const all = [...simple, ...scripts];
  const files = all.flatMap((up, index) => [
    [`${index + 1}_m.up.sql`, up],
    [`${index + 1}_m.down.sql`, up.replace(/^create (\w+ \w+).*/s, 'drop $1;')],
  ]);
  return { database: test.database, target, folder: { path: folderOf(Object.fromEntries(files)) } };
}

async function appliedTo(options: MigrateOptions): Promise<readonly string[]> {
  const { migrations } = await status(options);
  return migrations.filter(({ state }) => state === 'applied').map(({ version }) => version);
}

/** The messages that hold a record of more than one migration. */
function shared(sent: readonly string[]): string[] {
  return sent.filter((sql) => (sql.match(/execute plinth_record_/g)?.length ?? 0) > 1);
}

// On a very slow machine fewer share a message.
describe('plain migrations', { retry: 3 }, () => {
  it('share messages, up and down, and stay in order', async () => {
    const indexes = Array.from({ length: 60 }, (_, index) => `create index many_${index} on indexed (id);`);
    const options = optionsFor('many', indexes);
    const up = cuttingDatabase(test.database, undefined);
    const report = await apply({ ...options, database: up.database });
    expect(report.migrations.map(({ version }) => Number(version))).toEqual(
      [...Array(63).keys()].map((n) => n + 1),
    );
    expect(report.migrations[50]).toMatchObject({ direction: 'up', retries: 0, resumed: false, notices: [] });
    expect(report.migrations[50]!.statements).toMatchObject([{ index: 0, tag: 'CREATE INDEX' }]);
    expect(shared(up.sent).length).toBeLessThan(20);
    expect(await appliedTo(options)).toHaveLength(63);
    const down = cuttingDatabase(test.database, undefined);
    const undone = await rollback({ ...options, database: down.database, to: '0' });
    expect(undone.migrations.map(({ version }) => Number(version))).toEqual(
      [...Array(63).keys()].map((n) => 63 - n),
    );
    expect(shared(down.sent).length).toBeGreaterThan(0);
    expect(await appliedTo(options)).toEqual([]);
  });

  it('that drop tables share messages while the tables are empty; one that holds rows goes alone, and is kept', async () => {
    const tables = Array.from(
      { length: 30 },
      (_, index) => `create table dropped_${index} (id integer, note text);`,
    );
    const options = optionsFor('dropped', tables);
    await apply(options);
    await withSession(test.database, (session) => session.run(`insert into dropped_12 values (1, 'kept')`));
    const down = cuttingDatabase(test.database, undefined);
    await rollback({ ...options, database: down.database, to: '0' });
    expect(shared(down.sent).length).toBeGreaterThan(0);
    expect(await namesLike('dropped_%')).toEqual([]);
    await apply(options);
    await withSession(test.database, async (session) => {
      expect(await session.query('select id, note from dropped_12')).toEqual([{ id: 1, note: 'kept' }]);
    });
  });

  it('that drop an empty table keep nothing, though it has long texts and a sequence that nobody used', async () => {
    const options = optionsFor('texts', [
      'create table texts_0 (id integer generated always as identity, note text, more jsonb);',
    ]);
    await apply(options);
    const down = cuttingDatabase(test.database, undefined);
    await rollback({ ...options, database: down.database, to: String(BEFORE) });
    expect(await namesLike('texts_0')).toEqual([]);
    expect(down.sent.filter((sql) => sql.includes('the table holds data'))).toHaveLength(1);
    expect(down.sent.filter((sql) => sql.includes('plinth_kept'))).toEqual([]);
    await rollback({ ...options, to: '0' });
  });

  it('that update and delete share messages while the tables are empty; rows of other tables are no hindrance', async () => {
    const options = optionsFor('written', [
      'create table written_empty (id integer primary key, note text);',
      'create table written_filled (id integer primary key, note text);',
    ]);
    await apply(options);
    await withSession(test.database, (session) =>
      session.run(`insert into written_filled values (1, 'first'), (2, 'first')`),
    );
    const more = optionsFor('written', [
      'create table written_empty (id integer primary key, note text);',
      'create table written_filled (id integer primary key, note text);',
      ...Array.from({ length: 12 }, (_, index) => `update written_empty set note = 'now ${index}';`),
      `update written_filled set note = 'second' where id = 1;`,
      ...Array.from({ length: 12 }, () => 'delete from written_empty where note is null;'),
    ]);
    const up = cuttingDatabase(test.database, undefined);
    await apply({ ...more, database: up.database });
    const together = shared(up.sent).join();
    expect(together).toContain('update written_empty');
    expect(together).toContain('delete from written_empty');
    expect(together).not.toContain('update written_filled');
    expect(up.sent.some((sql) => sql.includes(`'the table holds data'`))).toBe(true);
    await rollback({ ...more, to: '17' });
    await withSession(test.database, async (session) => {
      expect(await session.query('select id, note from written_filled order by id')).toEqual([
        { id: 1, note: 'first' },
        { id: 2, note: 'first' },
      ]);
    });
  });

  it('that delete from an empty table fire its triggers, and what these destroy is kept', async () => {
    const options = optionsFor('fired', [
      `create table fired_empty (id integer primary key);
       create table fired_other (id integer primary key, note text);
       create function fired_clear() returns trigger language plpgsql as
         'begin delete from fired_other; return null; end';
       create trigger fired_clears after delete on fired_empty for each statement execute function fired_clear();`,
    ]);
    await apply(options);
    await withSession(test.database, (session) => session.run(`insert into fired_other values (1, 'lost?')`));
    const files = { '1_clear.up.sql': 'delete from fired_empty;', '1_clear.down.sql': 'select 1;' };
    const clear = { ...options, target: 'clear', folder: { path: folderOf(files) } };
    await apply(clear);
    await withSession(test.database, async (session) => {
      expect(await session.query('select from fired_other')).toEqual([]);
    });
    await rollback(clear);
    await withSession(test.database, async (session) => {
      expect(await session.query('select id, note from fired_other')).toEqual([{ id: 1, note: 'lost?' }]);
    });
  });

  it('that drop columns do so, too, and a used sequence is data as well', async () => {
    const options = optionsFor('columns', [
      'create table columns_wide (id integer generated always as identity, a integer, b integer);',
      ...Array.from({ length: 12 }, (_, index) => `create table columns_${index} (id integer);`),
    ]);
    await apply(options);
    await withSession(test.database, (session) =>
      session.run('insert into columns_wide (a) values (1), (2); delete from columns_wide'),
    );
    await rollback({ ...options, to: '0' });
    await apply(options);
    await withSession(test.database, async (session) => {
      expect(await session.query('insert into columns_wide (a) values (3) returning id')).toEqual([
        { id: 3 },
      ]);
    });
  });

  it('stop at a commit that a deferred constraint refuses: before it all is applied, after it nothing', async () => {
    const options = optionsFor('deferred', [
      'create table deferred_first (id integer);',
      'create table deferred_second as select shared.orphan() as id;',
      'create table deferred_third (id integer);',
    ]);
    const { database, sent } = cuttingDatabase(test.database, undefined);
    await expect(apply({ ...options, database })).rejects.toMatchObject({
      code: 'MIGRATE_STATEMENT_FAILED',
      message: expect.stringMatching(/^Cannot commit 5_m: .*children_parent_fkey/),
    });
    expect(shared(sent).at(-1)).toContain('deferred_third');
    expect(await appliedTo(options)).toEqual(['1', '2', '3', '4']);
    expect(await namesLike('deferred_%')).toEqual(
      expect.not.arrayContaining(['deferred_second', 'deferred_third']),
    );
  });

  it('stop at a statement that fails, and tell its file and place', async () => {
    const options = optionsFor('failing', [
      'create table failing_first (id integer);',
      'create table failing_second (id integer);\n\ncreate index on nowhere (id);',
      'create table failing_third (id integer);',
    ]);
    const { database, sent } = cuttingDatabase(test.database, undefined);
    const run = apply({ ...options, database });
    await expect(run).rejects.toMatchObject({
      code: 'MIGRATE_STATEMENT_FAILED',
      message: expect.stringMatching(/^Cannot run 5_m: relation "nowhere" does not exist/),
      details: { migration: '5_m', statement: 2 },
      source: { start: 43 },
    });
    expect(shared(sent).at(-1)).toContain('failing_third');
    expect(await appliedTo(options)).toEqual(['1', '2', '3', '4']);
    expect(await namesLike('failing_second')).toEqual([]);
  });

  it('are tried again from the one whose lock was not free', async () => {
    const options = optionsFor('waiting', [
      'create table waiting_first (id integer);',
      'alter table shared.busy add column waiting integer;',
      'create table waiting_third (id integer);',
    ]);
    const { database, sent } = cuttingDatabase(test.database, undefined);
    await withSession(test.database, async (blocker) => {
      await blocker.run('begin; select from shared.busy');
      const report = await apply({
        ...options,
        database,
        limits: { lockTimeoutMs: 200, retryForMs: 20_000 },
        onProgress: ({ message }) => {
          if (message?.includes('a lock was not free')) {
            void blocker.run('commit');
          }
        },
      });
      expect(report.migrations.map(({ retries }) => retries > 0)).toEqual([
        false,
        false,
        false,
        false,
        true,
        false,
      ]);
    });
    expect(shared(sent).some((sql) => sql.includes('shared.busy'))).toBe(true);
    expect(sent.filter((sql) => sql.includes('create table waiting_first'))).toHaveLength(1);
    expect(await appliedTo(options)).toHaveLength(6);
  });

  it('keep their own notices and times', async () => {
    const options = optionsFor('own', [
      "create table own_first as select shared.warn('first') as one;",
      'create table own_second as select 1 as one from pg_sleep(0.15);',
      "create table own_third as select shared.warn('third') as one;",
    ]);
    const { database, sent } = cuttingDatabase(test.database, undefined);
    const { migrations } = await apply({ ...options, database });
    expect(shared(sent).at(-1)).toContain('own_third');
    expect(migrations.map(({ notices }) => notices)).toEqual([
      [],
      [],
      [],
      ['WARNING: first'],
      [],
      ['WARNING: third'],
    ]);
    expect(migrations[4]!.durationMs).toBeGreaterThanOrEqual(150);
    expect(migrations[5]!.durationMs).toBeLessThan(migrations[4]!.durationMs);
    const [slow] = await withSession(test.database, (session) =>
      session.query<{ ms: number }>(
        "select duration_ms::int as ms from plinth.migrations where target = 'own' and version = '5'",
      ),
    );
    expect(slow!.ms).toBeGreaterThanOrEqual(150);
  });

  it('are separated from those that write rows, which read a time of their own', async () => {
    const options = optionsFor('rows', [
      'create table rows_first (at timestamptz default now());',
      'insert into rows_first default values;',
      'insert into rows_first default values;',
    ]);
    await apply(options);
    const rows = await withSession(test.database, (session) =>
      session.query('select distinct at from rows_first'),
    );
    expect(rows).toHaveLength(2);
  });

  it('are applied once each by two runs at the same time', async () => {
    const tables = Array.from({ length: 80 }, (_, index) => `create table racing_${index} (id integer);`);
    const options = optionsFor('racing', tables);
    const [one, two] = await Promise.all([apply(options), apply(options)]);
    expect(one.migrations.length + two.migrations.length).toBe(83);
    expect(await appliedTo(options)).toHaveLength(83);
  });
});

describe('a message that an older server cannot read', () => {
  it('is sent again without the migration that is to blame', async () => {
    const older = await createTestDatabase({ serverUrl: await serverUrl(15) });
    try {
      const options = {
        ...optionsFor('unreadable', [
          'create table unreadable_first (id integer);',
          "create view unreadable_second as select * from json_table('[1]', '$[*]' columns (a integer path '$')) as t;",
          'create table unreadable_third (id integer);',
        ]),
        database: older.database,
      };
      await expect(apply(options)).rejects.toMatchObject({
        code: 'MIGRATE_STATEMENT_FAILED',
        message: expect.stringMatching(/^Cannot run 5_m: syntax error/),
      });
      expect(await appliedTo(options)).toEqual(['1', '2', '3', '4']);
    } finally {
      await older.drop();
    }
  });
});

async function namesLike(pattern: string): Promise<readonly string[]> {
  return withSession(test.database, async (session) =>
    (
      await session.query<{ relname: string }>('select relname from pg_class where relname like $1', [
        pattern,
      ])
    ).map(({ relname }) => relname),
  );
}
