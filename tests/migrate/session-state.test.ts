/** Scripts that change their session, their role or the engine's own ground, and what the next migration meets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlinthError } from '../../src/core/index.js';
import { openDatabase, withSession } from '../../src/database/index.js';
import { apply, type MigrateOptions, rollback, status } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type MigrationFiles, migrationFolders } from './migration-folder.js';

const folderOf = migrationFolders();
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  await withSession(test.database, (session) => session.run('create table seen (what text, value text)'));
});

afterAll(() => test.drop());

function optionsFor(files: MigrationFiles, url = test.url): MigrateOptions {
  const target = expect.getState().currentTestName!;
  return { database: openDatabase(url), target, folder: { path: folderOf(files) } };
}

const LOOK = `insert into public.seen
  select name, trim(replace(current_setting(name), '"$user",', ''))
    from unnest(array['search_path', 'role', 'standard_conforming_strings', 'statement_timeout',
                      'client_connection_check_interval']) as name;`;

async function seen(): Promise<Record<string, string>> {
  return withSession(test.database, async (session) => {
    const rows = await session.query<{ what: string; value: string }>(
      'delete from seen returning what, value',
    );
    return Object.fromEntries(rows.map(({ what, value }) => [what, value]));
  });
}

describe('what a migration sets for its session', () => {
  it.each([
    ['for the transaction', 'set local search_path = pg_catalog; set local role pg_monitor;'],
    ['plainly', "set search_path = pg_catalog; set role pg_monitor; set statement_timeout = '3s';"],
    ['in a function', "select set_config('search_path', 'pg_catalog', false);"],
    ['in a block', "do $$ begin perform set_config('search_path', '', false); set role pg_monitor; end $$;"],
    ['outside any transaction', 'set search_path = pg_catalog; vacuum public.seen; set role pg_monitor;'],
    ['by resetting all of it', 'set search_path = pg_catalog; reset all; discard all;'],
  ])('%s ends with it', async (_, sql) => {
    await apply(optionsFor({ '1_a.up.sql': sql, '2_b.up.sql': LOOK }));
    expect(await seen()).toEqual({
      search_path: 'public',
      role: 'none',
      standard_conforming_strings: 'on',
      statement_timeout: '15min',
      client_connection_check_interval: '2s',
    });
  });

  it('reaches its own later statements, inside and outside of transactions', async () => {
    await apply(
      optionsFor({
        '1_a.up.sql': `create schema own; set search_path = own; create table there (id integer);
          vacuum there; create index concurrently there_idx on there (id); insert into there values (1);
          create table public.proof as select current_schema() as schema, (select count(*) from there) as rows;`,
      }),
    );
    await withSession(test.database, async (session) =>
      expect(await session.query('select schema, rows from proof')).toEqual([{ schema: 'own', rows: 1n }]),
    );
  });

  it('may be how its strings are written, on a server that takes backslashes for escapes', async () => {
    const url = new URL(test.url);
    url.search = `options=${encodeURIComponent('-c standard_conforming_strings=off')}`;
    const options = optionsFor(
      {
        '1_a.up.sql': `insert into seen values ('back\\slash', 'it''s'); -- a \\ in the text that the ledger keeps`,
        '1_a.down.sql': `delete from seen where what = 'back\\slash'; -- 'x\\'`,
      },
      url.href,
    );
    await apply(options);
    expect(await seen()).toEqual({ 'back\\slash': "it's" });
    await rollback(options);
  });
});

describe('a transaction that the file opens itself', () => {
  it('has the isolation that the file asks for, in either form', async () => {
    await apply(
      optionsFor({
        '1_a.up.sql': `begin isolation level serializable;
          insert into seen values ('first', current_setting('transaction_isolation')); commit;
          begin; set transaction isolation level repeatable read;
          insert into seen values ('second', current_setting('transaction_isolation')); commit;`,
        '2_b.up.sql': `set transaction isolation level serializable;
          insert into seen values ('third', current_setting('transaction_isolation'));`,
      }),
    );
    expect(await seen()).toEqual({ first: 'serializable', second: 'repeatable read', third: 'serializable' });
  });
});

describe('a migration that pulls the ground away', () => {
  it('may drop the schema public', async () => {
    await apply(optionsFor({ '1_a.up.sql': 'drop schema public cascade; create schema public;' }));
    await withSession(test.database, (session) =>
      session.run('create table public.seen (what text, value text)'),
    );
  });

  it('cannot drop the ledger: it is rolled back', async () => {
    const options = optionsFor({ '1_a.up.sql': 'create table lost (); drop schema plinth cascade;' });
    await expect(apply(options)).rejects.toMatchObject({ code: 'MIGRATE_STATEMENT_FAILED' });
    expect((await status(options)).counts).toMatchObject({ pending: 1, applied: 0 });
  });

  it('may end its own server process: it is absent then, and a mended one is applied', async () => {
    const files = { '1_a.up.sql': 'create table ended (); select pg_terminate_backend(pg_backend_pid());' };
    const options = optionsFor(files);
    await expect(apply(options)).rejects.toMatchObject({ code: 'DATABASE_CONNECTION_LOST' });
    expect((await status(options)).counts).toMatchObject({ pending: 1, interrupted: 0 });
    await apply({ ...options, folder: { path: folderOf({ '1_a.up.sql': 'create table ended ();' }) } });
  });
});

describe('a migration that is half done and cannot go on', () => {
  const HALF = `create table half (id integer);
insert into half values (1), (1);
create unique index concurrently half_key on half (id);
insert into half values (3);
`;

  it('leaves no invalid index, and goes on once its statement is mended', async () => {
    const options = optionsFor({ '1_a.up.sql': HALF });
    const failure = await apply(options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PlinthError);
    expect((failure as PlinthError).message).toContain('could not create unique index "half_key"');
    expect((await status(options)).counts).toMatchObject({ interrupted: 1 });
    await withSession(test.database, async (session) =>
      expect(await session.query('select from pg_index where not indisvalid')).toEqual([]),
    );
    const mended = HALF.replace('create unique index', 'create index');
    const report = await apply({ ...options, folder: { path: folderOf({ '1_a.up.sql': mended }) } });
    expect(report.migrations).toMatchObject([{ version: '1', resumed: true }]);
    await withSession(test.database, async (session) =>
      expect(await session.query('select id from half')).toEqual([{ id: 1 }, { id: 1 }, { id: 3 }]),
    );
  });

  it('refuses a change of what is done already', async () => {
    const options = optionsFor({ '1_a.up.sql': HALF.replaceAll('half', 'other_half') });
    await apply(options).catch(() => {});
    const changed = HALF.replaceAll('half', 'other_half').replace('(1), (1)', '(1), (2)');
    await expect(
      apply({ ...options, folder: { path: folderOf({ '1_a.up.sql': changed }) } }),
    ).rejects.toMatchObject({ code: 'MIGRATE_CHANGED' });
  });

  it('says again that an index does not exist, instead of taking it for dropped', async () => {
    const options = optionsFor({ '1_a.up.sql': 'drop index concurrently no_such_index;' });
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await expect(apply(options)).rejects.toThrow('index "no_such_index" does not exist');
    }
  });
});

describe('a label added to an enum and used in the same script', () => {
  it('is committed first, also where another type is made that is called alike', async () => {
    await withSession(test.database, (session) => session.run("create type public.mood as enum ('calm')"));
    await apply(
      optionsFor({
        '1_a.up.sql': `create type mood_of_day as enum ('x');
          alter type mood add value 'glad';
          create table moods (mood mood default 'glad');
          insert into moods values (default);`,
      }),
    );
  });
});

it('a thousand migrations do not fill the memory', { timeout: 120_000 }, async () => {
  const files = Object.fromEntries(
    Array.from({ length: 1000 }, (_, n) => [
      `${n + 1}_m.up.sql`,
      `create table m${n} (id integer);\n-- ${'x'.repeat(20_000)}\n`,
    ]),
  );
  const options = optionsFor(files);
  const steps = { ...options, steps: 100 };
  await apply(steps);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  await apply(options);
  globalThis.gc?.();
  const grownMegabytes = (process.memoryUsage().rss - before) / 2 ** 20;
  process.stdout.write(`${Math.round(grownMegabytes)} MB more after 900 migrations of 20 kB\n`);
  expect(grownMegabytes).toBeLessThan(100);
});
