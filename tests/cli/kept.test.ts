/** `plinth kept list|show|restore|purge` through the built command line, and what the database holds afterwards. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { plinth } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const MIGRATIONS: Readonly<Record<string, string>> = {
  '1_shop.up': `
    create table users (id int primary key, email text not null, name text);
    insert into users values (1, 'ada@example.org', 'Ada'), (2, 'bob@example.org', 'Bob'), (3, 'cyd@example.org', null);
    create table notes (id int, body text);
    insert into notes values (1, E'one\\ntwo \\x1b[31m'), (2, null), (3, ''), (4, repeat('long ', 40));
    create sequence tickets; select nextval('tickets') from generate_series(1, 7);
    create materialized view moments as select 1 as id, clock_timestamp() as at;`,
  '1_shop.down': 'drop materialized view moments; drop sequence tickets; drop table notes; drop table users;',
  '2_email.up': 'alter table users drop column email;',
  '2_email.down': 'alter table users add column email text;',
  '3_notes.up': 'drop table notes;',
  '3_notes.down': 'create table notes (id int, body text);',
  '4_names.up': 'update users set name = upper(name);',
  '4_names.down': 'select 1;',
  '5_tickets.up': 'drop sequence tickets; drop materialized view moments;',
  '5_tickets.down':
    'create sequence tickets; create materialized view moments as select 1 as id, clock_timestamp() as at;',
  '6_sessions.up':
    '-- plinth: keep=off reason="made again at the next login"\ndelete from users where id = 3;',
  '6_sessions.down': 'select 1;',
};
const EMAILS = 1;
const NOTES = 2;
const NAMES = 3;
const TICKETS = 4;
const MOMENTS = 5;
const DECLARED = 6;
const UNKNOWN = { code: 2, error: 'MIGRATE_KEPT_UNKNOWN' };

let folder: string;
let applied: TestDatabase;
let place: TestDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plinth-cli-kept-'));
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write('plinth.yaml', 'version: 1\nproject: shop\ntargets:\n  main: { migrations: m }\n');
  write(
    'configs/data-classification.yml',
    'columns:\n  public.users.email: restricted\n  public.users.name: { class: confidential }\n',
  );
  for (const [name, text] of Object.entries(MIGRATIONS)) {
    write(`m/${name}.sql`, text);
  }
  applied = await createTestDatabase();
  place = applied;
  expect(await kept('apply')).toMatchObject({ code: 0 });
});

beforeEach(async () => {
  place = await createTestDatabase({ template: applied.name });
});

afterEach(async () => {
  await place.drop();
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await applied.drop();
});

/** `plinth kept …` on the test's database; the words `apply` and `rollback` stand for themselves. */
function kept(...args: readonly string[]) {
  return keptAt(place.url, ...args);
}

function keptAt(url: string, ...args: readonly string[]) {
  const isOwn = ['apply', 'rollback', 'status'].includes(args[0]!);
  return plinth([...(isOwn ? [] : ['kept']), ...args], { cwd: folder, env: { PLINTH_URL: url } });
}

function query(sql: string): Promise<readonly object[]> {
  return withSession(place.database, (session) => session.query(sql));
}

async function run(sql: string): Promise<void> {
  await withSession(place.database, (session) => session.run(sql));
}

/** What the ledger says of kept data, and every table of people and of kept data with its rows. */
async function everything(): Promise<unknown> {
  return withSession(place.database, async (session) => {
    const tables = await session.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname in ('public', 'plinth_kept') order by 1`,
    );
    const contents: unknown[] = [await session.query('select * from plinth.kept order by id')];
    for (const { name } of tables) {
      contents.push([name, await session.query(`select t::text from ${name} as t order by 1`)]);
    }
    return contents;
  });
}

/** The command fails with that exit code and error, says nothing else, and changes nothing. */
async function expectRefused(
  args: readonly string[],
  expected: { readonly code: number; readonly error: string; readonly says?: string; readonly url?: string },
): Promise<void> {
  const before = await everything();
  const { code, stdout, stderr } = await keptAt(expected.url ?? place.url, ...args);
  expect({ args, code, stdout }).toEqual({ args, code: expected.code, stdout: '' });
  expect(stderr).toContain(`error[${expected.error}]: Cannot `);
  expect(stderr).toContain(expected.says ?? '');
  expect(stderr).toMatch(/\nhint: \S/);
  expect(stderr).not.toMatch(/^ {4}at |@example\.org/m);
  expect(await everything()).toEqual(before);
}

// Each of the commands is a process.
const PATIENT = { timeout: 180_000 };

describe('plinth kept', PATIENT, () => {
  it('teaches what it does, with examples', async () => {
    const group = await plinth(['kept', '--help']);
    for (const name of ['list', 'show', 'restore', 'purge']) {
      expect(group.stdout).toMatch(new RegExp(`^ {2}${name} `, 'm'));
      const { code, stdout, stderr } = await plinth(['kept', name, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`Usage: plinth kept ${name}`);
      expect(stdout).toContain(`Examples:\n  plinth kept ${name}`);
    }
  });

  it('says that nothing is kept where nothing was ever migrated, and makes nothing', async () => {
    const empty = await createTestDatabase();
    try {
      const listed = await keptAt(empty.url, 'list');
      expect(listed).toEqual({ code: 0, stdout: 'main  nothing is kept\n', stderr: '' });
      const json = JSON.parse((await keptAt(empty.url, 'list', '--format', 'json')).stdout);
      expect(json).toEqual({
        kind: 'kept list',
        version: 1,
        data: { target: 'main', entries: [], bytes: 0, expired: 0 },
      });
      for (const flags of [[], ['--yes'], ['--all', '--yes']]) {
        const purged = await keptAt(empty.url, 'purge', ...flags);
        expect(purged).toEqual({ code: 0, stdout: 'main  nothing to purge\n', stderr: '' });
      }
      for (const args of [
        ['show', '1'],
        ['restore', '1'],
        ['purge', '1', '--yes'],
      ]) {
        const { code, stderr } = await keptAt(empty.url, ...args);
        expect(code).toBe(2);
        expect(stderr).toContain("error[MIGRATE_KEPT_UNKNOWN]: Cannot use kept data 1: the ledger of 'main'");
      }
      const made = await withSession(empty.database, (session) =>
        session.query("select from pg_namespace where nspname like 'plinth%'"),
      );
      expect(made).toEqual([]);
    } finally {
      await empty.drop();
    }
  });

  it('is refused for an id that there is not', async () => {
    for (const args of [
      ['show', '99'],
      ['restore', '99'],
      ['restore', '99', '--into', 'public.copy'],
      ['purge', '99', '--yes'],
      ['purge', '99'],
      ['purge', String(EMAILS), '99', '--yes'],
    ]) {
      await expectRefused(args, { ...UNKNOWN, says: 'kept data 99: the ledger of' });
    }
  });

  it('tells wrong usage before anything is done', async () => {
    for (const args of [
      ['show'],
      ['show', 'abc'],
      ['show', ''],
      ['show', '1', '2'],
      ['show', '--', '-1'],
      ['show', '1.5'],
      ['show', '99999999999999999999'],
      ['show', '1', '--limit', 'many'],
      ['show', '1', '--limit', '-1'],
      ['list', 'x'],
      ['restore', 'abc'],
      ['restore', '1', '--into', ''],
      ['purge', 'abc', '--yes'],
      ['purge', '', '--yes'],
      ['purge', '1', '--all', '--yes'],
    ]) {
      await expectRefused(args, { code: 2, error: 'CLI_ARGUMENT_INVALID' });
    }
  });

  it('tells a mistake as JSON where JSON was asked for', async () => {
    const unknown = await kept('show', '99', '--format', 'json');
    expect(JSON.parse(unknown.stderr).error).toMatchObject({ code: 'MIGRATE_KEPT_UNKNOWN' });
    const unconfirmed = await kept('purge', '1', '--format', 'json');
    expect(JSON.parse(unconfirmed.stderr).error).toMatchObject({ code: 'CLI_NOT_CONFIRMED' });
    expect([unknown.code, unconfirmed.code]).toEqual([2, 2]);
  });
});

describe('plinth kept list', PATIENT, () => {
  it('is a table for people', async () => {
    const { code, stdout, stderr } = await kept('list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^ 1 {2}2 up +column +public\.users \(email\) +restricted +3 +\d+ kB +until 20.* kept$/m,
    );
    expect(stdout).toMatch(/^ 2 {2}3 up +table +public\.notes +4 .* kept$/m);
    expect(stdout).toMatch(/^ 3 {2}4 up +rows +public\.users \(.*name.*\) +confidential +2 /m);
    expect(stdout).toMatch(
      /^ 6 {2}6 up +declared +delete +0 +0 bytes +keeps nothing: made again at the next login$/m,
    );
    expect(stdout).toMatch(/\n {2}6 entries, \d+ kB, 0 expired\n$/);
  });

  it('is what the ledger has, as JSON', async () => {
    const { stdout } = await kept('list', '--format', 'json');
    const { kind, data } = JSON.parse(stdout);
    expect(kind).toBe('kept list');
    const told = data.entries.map((entry: { id: number; kind: string; rows: number; state: string }) => ({
      id: String(entry.id),
      kind: entry.kind,
      rows: String(entry.rows),
      state: entry.state,
    }));
    expect(told).toEqual(
      await query('select id::text, kind, rows::text, state from plinth.kept order by id'),
    );
    expect(data.entries[0]).toMatchObject({
      class: 'restricted',
      table: 'plinth_kept.k1',
      columns: ['email'],
    });
    expect(stdout).not.toContain('@example.org');
  });

  it('leaves out what was put back or purged, but with --all', async () => {
    await run('create table notes (id int, body text)');
    await kept('restore', String(NOTES));
    await kept('purge', String(NAMES), '--yes');
    const ids = async (...flags: string[]): Promise<[number, string][]> =>
      JSON.parse((await kept('list', '--format', 'json', ...flags)).stdout).data.entries.map(
        ({ id, state }: { id: number; state: string }) => [id, state],
      );
    expect((await ids()).map(([id]) => id)).toEqual([EMAILS, TICKETS, MOMENTS, DECLARED]);
    expect((await ids('--all')).slice(1, 3)).toEqual([
      [NOTES, 'restored'],
      [NAMES, 'purged'],
    ]);
    expect((await kept('list', '--all')).stdout).toMatch(
      /^ 2 {2}3 up +table +public\.notes +4 +0 bytes +restored$/m,
    );
  });
});

describe('plinth kept show', PATIENT, () => {
  it('prints rows that a terminal can show: a null apart from an empty text, no control characters', async () => {
    const { code, stdout } = await kept('show', String(NOTES));
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe('public.notes  table of 3 up, 4 rows');
    expect(lines.slice(1, 5)).toEqual(['id  body', '1   one\\ntwo \\u001b[31m', '2', "3   ''"]);
    expect(lines[5]).toMatch(/^4 {3}(long ){11}long…$/);
    const { data } = JSON.parse((await kept('show', String(NOTES), '--format', 'json')).stdout);
    expect(data.rows).toEqual([
      ['1', 'one\ntwo \u001b[31m'],
      ['2', null],
      ['3', ''],
      ['4', 'long '.repeat(40)],
    ]);
  });

  it('says what each column is, and its class', async () => {
    expect((await kept('show', String(EMAILS))).stdout).toBe(
      `public.users  column of 2 up, 3 rows
  class: restricted (email restricted)
key id  old email
1       ada@example.org
2       bob@example.org
3       cyd@example.org
`,
    );
    const { data } = JSON.parse((await kept('show', String(NAMES), '--format', 'json')).stdout);
    const name = data.columns.indexOf('old name');
    expect(data.columns[name + 1]).toBe('new name');
    expect(data.rows.map((row: string[]) => row.slice(name, name + 2))).toEqual([
      ['Ada', 'ADA'],
      ['Bob', 'BOB'],
    ]);
  });

  it('prints as many rows as told, and says that there are more', async () => {
    const some = await kept('show', String(EMAILS), '--limit', '2');
    expect(some.stdout).toMatch(/bob@example\.org\n {2}2 of 3 rows: --limit shows more\n$/);
    expect((await kept('show', String(EMAILS), '--limit', '3')).stdout).not.toContain('--limit');
  });

  it('says why there are no rows', async () => {
    await run('create table notes (id int, body text)');
    await kept('restore', String(NOTES));
    await kept('purge', String(NAMES), '--yes');
    for (const [id, why] of [
      [NOTES, 'it was put back: there are no rows to show'],
      [NAMES, 'it was purged: there are no rows to show'],
      [TICKETS, 'it stood at 7'],
      [DECLARED, 'keeps nothing: made again at the next login'],
    ] as const) {
      const { code, stdout } = await kept('show', String(id));
      expect({ code, last: stdout.trimEnd().split('\n').at(-1)!.trim() }).toEqual({ code: 0, last: why });
    }
  });
});

describe('plinth kept restore', PATIENT, () => {
  it('puts back what has a place, and says what has none, with exit code 1', async () => {
    await run('delete from users where id = 2; alter table users add column email text');
    const { code, stdout } = await kept('restore', String(EMAILS));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^public\.users {2}1 row put back, 2 rows not placed: the row is not there\n/);
    expect(await query('select id, email from users')).toEqual([{ id: 1, email: 'ada@example.org' }]);
    expect(await query(`select state, unplaced::int from plinth.kept where id = ${EMAILS}`)).toEqual([
      { state: 'partly restored', unplaced: 2 },
    ]);
    const { stdout: shown } = await kept('show', String(EMAILS));
    expect(shown).toContain('partly restored, 2 rows not placed: the row is not there');
    expect(shown).toMatch(/^2 +bob@example\.org\n3 +cyd@example\.org$/m);
    await run("insert into users values (2, 'Bob'), (3, 'Cyd')");
    const again = await kept('restore', String(EMAILS), '--format', 'json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).data).toMatchObject({
      placed: 2,
      unplaced: 0,
      entry: { id: EMAILS, state: 'restored', bytes: 0 },
    });
    expect(await query('select email from users order by id')).toEqual([
      { email: 'ada@example.org' },
      { email: 'bob@example.org' },
      { email: 'cyd@example.org' },
    ]);
    expect(await query("select to_regclass('plinth_kept.k1') as kept")).toEqual([{ kept: null }]);
  });

  it('leaves all of it kept where there is no place at all', async () => {
    const rows = await query('select * from plinth_kept.k2 order by id');
    const { code, stdout } = await kept('restore', String(NOTES));
    expect(code).toBe(1);
    expect(stdout).toMatch(/^public\.notes {2}0 rows put back, 4 rows not placed: the table is not there\n/);
    expect(stdout).toContain('--into <schema.table>');
    expect(await query('select * from plinth_kept.k2 order by id')).toEqual(rows);
    expect(await query("select to_regclass('public.notes') as notes")).toEqual([{ notes: null }]);
  });

  it('copies into a new table, whose name is read as SQL reads it, and keeps what it copied', async () => {
    const before = await query('select * from plinth_kept.k1 order by 1');
    const { code, stdout } = await kept('restore', String(EMAILS), '--into', 'Public."Old mails"');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'public."Old mails"  3 rows put into the new table\n',
    });
    expect(await query('select * from "Old mails" order by 1')).toEqual([
      { 'key id': 1, 'old email': 'ada@example.org' },
      { 'key id': 2, 'old email': 'bob@example.org' },
      { 'key id': 3, 'old email': 'cyd@example.org' },
    ]);
    expect(await query(`select obj_description('"Old mails"'::regclass) as comment`)).toEqual([
      { comment: 'Kept of public.users; class: restricted' },
    ]);
    expect(await query('select * from plinth_kept.k1 order by 1')).toEqual(before);
    expect(await query(`select state from plinth.kept where id = ${EMAILS}`)).toEqual([{ state: 'kept' }]);
    expect((await kept('restore', String(MOMENTS), '--into', 'moments_then')).code).toBe(0);
    expect(await query('select id from public.moments_then')).toEqual([{ id: 1 }]);
  });

  it('copies into nothing that is there, has no place, or is its own', async () => {
    for (const [into, says] of [
      ['public.users', 'relation "users" already exists'],
      ['users', 'relation "users" already exists'],
      ['nowhere.copy', 'schema "nowhere" does not exist'],
      ['a.b.c', 'it is no name of a table'],
      ['public.', 'it is no name of a table'],
      ['public.x; drop table users', 'it is no name of a table'],
      ['plinth_kept.k99', "the schema plinth_kept is Plinth's own"],
      ['plinth.copy', "the schema plinth is Plinth's own"],
    ] as const) {
      const error = 'MIGRATE_KEPT_INTO_INVALID';
      await expectRefused(['restore', String(EMAILS), '--into', into], { code: 2, error, says });
    }
  });

  it('refuses what takes no rows, what holds none, and what is there no more', async () => {
    await expectRefused(['restore', String(MOMENTS)], {
      code: 2,
      error: 'MIGRATE_KEPT_COPY_ONLY',
      says: `plinth kept restore ${MOMENTS} --into`,
    });
    await expectRefused(['restore', String(DECLARED)], { ...UNKNOWN, says: 'nothing was kept' });
    await expectRefused(['restore', String(TICKETS), '--into', 'public.t'], {
      ...UNKNOWN,
      says: 'a sequence',
    });
    await kept('purge', String(EMAILS), '--yes');
    await expectRefused(['restore', String(EMAILS)], { ...UNKNOWN, says: 'it was purged' });
    await expectRefused(['restore', String(EMAILS), '--into', 'public.t'], {
      ...UNKNOWN,
      says: 'it was purged',
    });
  });

  it('is done once where two do it at a time', async () => {
    await run('create table notes (id int, body text)');
    const both = await Promise.all([kept('restore', String(NOTES)), kept('restore', String(NOTES))]);
    const [done, refused] = both.sort((a, b) => a.code! - b.code!);
    expect(done).toMatchObject({ code: 0, stdout: 'public.notes  4 rows put back\n' });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('it was put back') });
    expect(await query('select count(*)::int as rows from notes')).toEqual([{ rows: 4 }]);
  });
});

describe('plinth kept purge', PATIENT, () => {
  it('shows what would go, and removes nothing unconfirmed', async () => {
    const before = await everything();
    const { code, stdout, stderr } = await kept('purge', String(EMAILS));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^ 1 {2}2 up +column +public\.users \(email\)/m);
    expect(stderr).toContain('error[CLI_NOT_CONFIRMED]: Nothing was purged');
    expect(await everything()).toEqual(before);
  });

  it('removes what is named, and nothing else', async () => {
    const { code, stdout } = await kept('purge', String(EMAILS), String(EMAILS), String(TICKETS), '--yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^main {2}2 entries purged, \d+ kB\n$/);
    expect(await query('select id::int, state, kept_table as "table" from plinth.kept order by id')).toEqual([
      { id: EMAILS, state: 'purged', table: null },
      { id: NOTES, state: 'kept', table: 'k2' },
      { id: NAMES, state: 'kept', table: 'k3' },
      { id: TICKETS, state: 'purged', table: null },
      { id: MOMENTS, state: 'kept', table: 'k5' },
      { id: DECLARED, state: 'kept', table: null },
    ]);
    expect(
      await query("select tablename as t from pg_tables where schemaname = 'plinth_kept' order by 1"),
    ).toEqual([{ t: 'k2' }, { t: 'k3' }, { t: 'k5' }]);
    await expectRefused(['purge', String(EMAILS), '--yes'], { ...UNKNOWN, says: 'it was purged' });
  });

  it('removes what has expired, and nothing before', async () => {
    expect((await kept('purge', '--yes')).stdout).toBe('main  nothing to purge\n');
    await run(
      `update plinth.kept set expires_at = now() - interval '1 s' where id in (${NAMES}, ${DECLARED})`,
    );
    expect((await kept('list')).stdout).toMatch(/ expired +kept\n[\s\S]* 1 expired\n$/);
    const { stdout } = await kept('purge', '--yes', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'kept purge',
      data: { target: 'main', entries: [{ id: NAMES, state: 'purged' }], expired: 1 },
    });
    expect(await query("select id::int from plinth.kept where state = 'purged'")).toEqual([{ id: NAMES }]);
  });

  it('removes all of it, and status goes on showing what a script declares', async () => {
    const { code, stdout } = await kept('purge', '--all', '--yes');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^main {2}5 entries purged, /);
    expect(await query("select tablename from pg_tables where schemaname = 'plinth_kept'")).toEqual([]);
    expect((await kept('status')).stdout).toContain('keeps nothing, declared: made again at the next login');
    await expectRefused(['purge', String(DECLARED), '--yes'], {
      ...UNKNOWN,
      says: 'nothing was kept, and the script says why',
    });
    const rolledBack = await kept('rollback', '--to', '1', '--yes');
    expect(rolledBack.code).toBe(0);
    expect(await query('select id, name, email from users order by id')).toEqual([
      { id: 1, name: 'ADA', email: null },
      { id: 2, name: 'BOB', email: null },
    ]);
  });
});

describe('kept data', PATIENT, () => {
  const reader = `kept_reader_${process.pid}`;
  const readerUrl = (): string => {
    const url = new URL(place.url);
    url.username = reader;
    url.password = 'reader';
    return url.href;
  };

  it('is for the role that runs the migrations alone', async () => {
    const denied = { code: 3, error: 'MIGRATE_KEPT_DENIED' };
    const all = [
      ['show', String(EMAILS)],
      ['restore', String(EMAILS)],
      ['restore', String(EMAILS), '--into', 'open.copy'],
      ['purge', String(EMAILS), '--yes'],
      ['purge', '--all', '--yes'],
    ];
    await run(`create role ${reader} login password 'reader'; create schema open; grant all on schema open to ${reader};
      grant all on users to ${reader}`);
    try {
      for (const args of [['list'], ['purge'], ...all]) {
        await expectRefused(args, { ...denied, says: 'no right to read plinth.kept', url: readerUrl() });
      }
      // Who may read the ledger sees what there is, as a monitor does, but not the data.
      await run(
        `grant usage on schema plinth to ${reader}; grant select on all tables in schema plinth to ${reader}`,
      );
      const listed = await keptAt(readerUrl(), 'list');
      expect(listed).toMatchObject({ code: 0, stderr: '' });
      expect(listed.stdout).toMatch(
        /^ 1 {2}2 up +column +public\.users \(email\) +restricted +3 +[1-9]\d* kB/m,
      );
      for (const args of all) {
        await expectRefused(args, { ...denied, says: 'permission denied for', url: readerUrl() });
      }
    } finally {
      await run(`drop owned by ${reader}; drop role ${reader}`);
    }
  });

  it('is nowhere told but by show: a value that has no place stands in no message, status or log', async () => {
    await run('alter table users add column email integer');
    const told = [
      await kept('restore', String(EMAILS)),
      await kept('restore', String(EMAILS), '--format', 'json'),
      await kept('list'),
      await kept('list', '--format', 'json'),
      await kept('status'),
      await kept('status', '--format', 'json'),
    ];
    expect(told.slice(0, 2).map(({ code }) => code)).toEqual([1, 1]);
    expect(told[0]!.stdout).toContain('3 rows not placed: a value does not fit its column (SQLSTATE 22P02)');
    await run('alter table users drop column email');
    writeFileSync(join(folder, 'm/2_email.down.sql'), 'alter table users add column email integer;');
    try {
      told.push(await kept('rollback', '--to', '1', '--yes'));
    } finally {
      writeFileSync(join(folder, 'm/2_email.down.sql'), MIGRATIONS['2_email.down']!);
    }
    expect(told.at(-1)!.code).toBe(0);
    expect(told.map(({ stdout, stderr }) => stdout + stderr).join('\n')).not.toContain('@example.org');
    const ledger = JSON.stringify([
      await query('select reason, layout::text as layout from plinth.kept'),
      await query('select details::text as details from plinth.run_events'),
    ]);
    expect(ledger).toContain('a value does not fit its column');
    expect(ledger).not.toContain('@example.org');
    expect((await kept('show', String(EMAILS))).stdout).toContain('ada@example.org');
  });
});
