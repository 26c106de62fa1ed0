/** Schemas from every source held against each other. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { type DiffReport, open, type Plinth } from '../../src/index.js';
import { comparisonText, styleFor } from '../../src/report/index.js';
import { addressText } from '../../src/schema/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { type MadeProject, projectMaker } from './projects.js';

const project = projectMaker();
let place: TestDatabase;
let made: MadeProject;
let plinth: Plinth;

beforeEach(async () => {
  place = await createTestDatabase();
  made = project();
  plinth = await open({ cwd: made.root, url: place.url });
});
afterEach(() => place.drop());

function change(sql: string) {
  return withSession(place.database, (session) => session.run(sql));
}

function told({ differences }: DiffReport): readonly string[] {
  return differences.map((difference) => `${difference.change}: ${addressText(difference)}`);
}

describe('a schema is read', () => {
  test('by default: what the migrations make, against the live database', async () => {
    await plinth.apply();
    expect(await plinth.diff()).toMatchObject({
      isEmpty: true,
      from: { label: 'shop@latest and reports@latest', kind: 'migrations' },
      to: { label: 'the database of shop and reports', kind: 'database' },
    });
    await change('alter table shop.customers add column mine text');
    expect(told(await plinth.diff())).toEqual(['added: column shop.customers.mine']);
  });

  test('of one target, without taking what others applied for a difference', async () => {
    await plinth.apply();
    expect(told(await plinth.diff({ target: 'shop' }))).toEqual([]);
    expect(told(await plinth.diff({ from: 'shop@0001', to: 'shop' }))).toEqual([
      'added: sequence shop.numbers',
      'added: table shop.orders',
      'added: view shop.recent',
      'added: routine shop.touch()',
    ]);
  });

  test('from migrations at a version, none of them, and those that are applied', async () => {
    await plinth.apply({ target: 'shop', to: '0001' });
    expect(told(await plinth.diff({ from: 'shop@0', to: 'shop@1' }))).toEqual([
      'added: schema shop',
      'added: type shop.level',
      'added: table shop.customers',
    ]);
    expect(told(await plinth.diff({ from: 'shop@applied', to: 'shop@0001' }))).toEqual([]);
    expect((await plinth.diff({ from: 'shop@applied', to: 'shop@latest' })).counts).toMatchObject({
      added: 4,
    });
  });

  test('from migrations of several targets, by name, without a database of their own', async () => {
    const away = await open({
      cwd: made.root,
      url: 'postgresql://nobody@127.0.0.1:1/none?connect_timeout=1',
    });
    expect(told(await away.diff({ from: 'reports@0', to: 'reports@latest' }))).toEqual([
      'added: schema reports',
      'added: table reports.totals',
    ]);
  });

  test('from a file that was saved, which is the same bytes for the same schema', async () => {
    await plinth.apply();
    const [first, second] = ['one.json', 'two.json'].map((name) => join(made.root, name));
    expect(await plinth.saveSchema({ file: first! })).toMatchObject({
      source: 'the database of shop and reports',
      counts: { tables: 3, views: 1, routines: 1 },
    });
    await plinth.saveSchema({ file: second!, source: place.url });
    expect(readFileSync(first!, 'utf8')).toBe(readFileSync(second!, 'utf8'));
    await change('drop view shop.recent');
    expect(told(await plinth.diff({ from: 'one.json' }))).toEqual(['removed: view shop.recent']);
    await plinth.saveSchema({ file: second!, source: 'shop@latest', schemas: ['shop'] });
    expect(told(await plinth.diff({ from: 'two.json', to: place.url, schemas: ['shop'] }))).toEqual([
      'removed: view shop.recent',
    ]);
  });

  test('from the folder as a commit has it', async () => {
    const git = (...parameters: readonly string[]) =>
      execFileSync('git', ['-C', made.root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...parameters], {
        stdio: 'pipe',
      });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    made.write({ 'shop/0003_more.up.sql': 'alter table shop.customers add phone text;' });
    expect(told(await plinth.diff({ from: 'shop@main:', to: 'shop@latest' }))).toEqual([
      'added: column shop.customers.phone',
    ]);
    expect(told(await plinth.diff({ from: 'shop@main:0001', to: 'shop@HEAD:1' }))).toEqual([]);
    await expect(plinth.diff({ from: 'shop@nowhere:', to: 'shop@latest' })).rejects.toMatchObject({
      code: 'COMPARE_REF_UNKNOWN',
    });
    await expect(plinth.diff({ from: 'shop@--output=/tmp/x:', to: 'shop@latest' })).rejects.toMatchObject({
      code: 'COMPARE_REF_UNKNOWN',
    });
  });

  test('never with Plinth’s own records', async () => {
    await plinth.apply();
    const { differences } = await plinth.diff({ from: 'shop@0', to: place.url });
    expect(differences.filter(({ path }) => path[0]?.startsWith('plinth'))).toEqual([]);
  });
});

describe('what does not count can be told', () => {
  test.each([
    ['owners', 'alter table shop.customers owner to pg_monitor'],
    ['privileges', 'grant select on shop.customers to public'],
    ['comments', `comment on column shop.customers.email is 'Where to write.'`],
    ['extensions', 'create extension btree_gist'],
    [
      'column-order',
      'alter table reports.totals drop column day; alter table reports.totals add column day date not null',
    ],
  ] as const)('%s', async (ignore, sql) => {
    await plinth.apply();
    await change(sql);
    expect(await plinth.diff()).toMatchObject({ isEmpty: false });
    expect(await plinth.diff({ ignore: [ignore] })).toMatchObject({ isEmpty: true });
  });
});

describe('a mistake is refused by name, and changes nothing', () => {
  test.each([
    ['an unknown target', { from: 'shpo@latest' }, 'COMPARE_SOURCE_UNKNOWN', "Did you mean 'shop@latest'?"],
    ['an unknown target to look at', { target: 'shpo' }, 'CONFIG_TARGET_UNKNOWN', ''],
    ['an unknown version', { from: 'shop@0099', to: 'shop@latest' }, 'MIGRATE_VERSION_UNKNOWN', ''],
    ['a file that is not there', { from: 'nowhere.json' }, 'COMPARE_SOURCE_UNKNOWN', ''],
    ['a file of something else', { from: 'plinth.yaml' }, 'SCHEMA_MODEL_MALFORMED', ''],
    ['a file of a newer format', { from: 'newer.json' }, 'SCHEMA_MODEL_TOO_NEW', 'newer version'],
    ['a file of another form', { from: 'other.json' }, 'SCHEMA_MODEL_INVALID', ''],
    ['a connection string that is none', { from: 'postgresql://[' }, 'DATABASE_URL_INVALID', ''],
    [
      'a server that is not there',
      { from: 'postgresql://x@127.0.0.1:1/y?connect_timeout=1' },
      'DATABASE_UNREACHABLE',
      '',
    ],
    ['what is applied, where nothing is', { from: 'shop@applied' }, 'COMPARE_LEDGER_MISSING', ''],
    ['a migration for one of several targets', { save: 'x' }, 'COMPARE_TARGET_NEEDED', ''],
  ])('%s', async (_, choice, code, hint) => {
    writeFileSync(join(made.root, 'newer.json'), '{"kind":"schema model","format":99}');
    writeFileSync(join(made.root, 'other.json'), '{"kind":"schema model","format":1,"tables":7}');
    const refused = plinth.diff(choice);
    await expect(refused).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) });
    const rows = await withSession(place.database, (session) =>
      session.query('select nspname from pg_namespace where nspname ~ $1', ['^(plinth|shop|reports)']),
    );
    expect(rows).toEqual([]);
  });
});

describeOnEveryServer('a difference is saved as a migration', ({ url }) => {
  test('that takes a change by hand over, and back', async () => {
    const own = await createTestDatabase({ serverUrl: await url() });
    try {
      const { root } = project();
      const shop = await open({ cwd: root, url: own.url });
      await shop.apply();
      await withSession(own.database, (session) =>
        session.run(`alter table shop.customers add column phone text not null default '';
          create index customers_phone_idx on shop.customers (phone);
          drop view shop.recent;
          alter table shop.customers drop constraint customers_email_check;
          create function shop.twice(n int) returns int language sql as 'select n * 2';`),
      );
      const { saved } = await shop.diff({ target: 'shop', save: 'take the phone over' });
      expect(saved).toMatchObject({ name: 'take_the_phone_over', statements: { up: 5, down: 5 } });
      expect(readFileSync(saved!.up, 'utf8')).toMatch(
        /^-- What: {2}take the phone over\n-- Why: .*\n-- Locks: /,
      );
      expect(told(await shop.diff({ target: 'shop' }))).toEqual([]);
      expect(await shop.drift({ target: 'shop', record: saved!.version })).toMatchObject([
        { state: 'none', recorded: saved!.version },
      ]);
      expect(await shop.drift()).toMatchObject([
        { state: 'none', notices: [expect.stringContaining('taken into the ledger without being run')] },
      ]);
      expect(await shop.status({ target: 'shop' })).toMatchObject([{ counts: { pending: 0, applied: 3 } }]);
      const again = await createTestDatabase({ serverUrl: await url() });
      try {
        const fresh = await open({ cwd: root, url: again.url });
        await fresh.apply();
        expect(told(await fresh.diff({ from: own.url, to: again.url }))).toEqual([]);
        await fresh.rollback({ target: 'shop' });
        expect(told(await fresh.diff({ from: 'shop@0002', to: 'shop' }))).toEqual([]);
      } finally {
        await again.drop();
      }
    } finally {
      await own.drop();
    }
  });
});

test('a difference between databases is saved in the target that is named; none is saved where there is none', async () => {
  await plinth.apply();
  expect((await plinth.diff({ target: 'shop', save: 'nothing' })).saved).toBeUndefined();
  const other = await createTestDatabase();
  try {
    await withSession(other.database, (session) =>
      session.run('create schema extra; create table extra.t (id int)'),
    );
    const { saved } = await plinth.diff({
      from: 'shop@0',
      to: other.url,
      target: 'reports',
      save: 'extra',
    });
    expect(saved!.up).toContain(join(made.root, 'reports'));
    expect(readFileSync(saved!.up, 'utf8')).toContain('create table extra.t');
  } finally {
    await other.drop();
  }
});

describe('what people say was renamed', () => {
  test('is no difference, keeps its rows, and goes back', async () => {
    await plinth.apply();
    await change(`insert into shop.customers (email) values ('a@b.example')`);
    made.write({
      'shop/0003_names.up.sql': `alter table shop.customers rename column email to mail;
        alter table shop.orders rename to purchases;
        alter function shop.touch() rename to trim_note;
        alter index shop.customers_email_idx rename to customers_mail_idx;
        alter table shop.purchases add column more int;`,
      'shop/0003_names.down.sql': 'select 1;',
    });
    const without = await plinth.diff({ from: 'shop', to: 'shop@latest' });
    expect(told(without)).toContain('removed: table shop.orders');
    const renames = [
      'shop.customers.email=mail',
      'shop.orders=shop.purchases',
      'shop.touch=trim_note',
      'shop.customers.customers_email_idx=customers_mail_idx',
    ];
    const report = await plinth.diff({
      from: 'shop',
      to: 'shop@latest',
      renames,
      target: 'reports',
      save: 'names',
    });
    expect(told(report)).toEqual(['added: column shop.purchases.more']);
    expect(report.renamed).toMatchObject([
      { kind: 'column', text: 'alter table shop.customers rename column email to mail' },
      { kind: 'table', text: 'alter table shop.orders rename to purchases' },
      { kind: 'routine', text: 'alter routine shop.touch() rename to trim_note' },
      { kind: 'index', text: 'alter index shop.customers_email_idx rename to customers_mail_idx' },
    ]);
    expect(report.saved!.statements).toEqual({ up: 5, down: 5 });
    await plinth.apply({ target: 'reports' });
    const mails = await withSession(place.database, (session) =>
      session.query('select mail from shop.customers'),
    );
    expect(mails).toEqual([{ mail: 'a@b.example' }]);
  });

  test.each(['shop.nothing=x', 'shop.customers', '='])('is refused as %s', async (rename) => {
    await expect(
      plinth.diff({ from: 'shop@0001', to: 'shop@latest', renames: [rename] }),
    ).rejects.toMatchObject({
      code: 'COMPARE_RENAME_UNKNOWN',
    });
  });
});

test('the SQL names what is dangerous', async () => {
  await plinth.apply();
  await change('alter table shop.customers add column phone text');
  const { sql } = await plinth.diff({ from: 'shop', to: 'shop@latest', sql: true });
  expect(sql).toMatchObject({
    statements: [
      {
        text: expect.stringContaining('drop column phone'),
        hazards: expect.arrayContaining([expect.objectContaining({ kind: 'data loss' })]),
      },
    ],
    gaps: [],
  });
  const [drift] = await plinth.drift({ sql: true });
  expect(drift!.sql!.revert.statements).toMatchObject([
    { text: expect.stringContaining('drop column phone') },
  ]);
  expect(drift!.sql!.takeOver.statements).toMatchObject([
    { text: expect.stringContaining('add column phone') },
  ]);
});

test('a person reads the differences by object', async () => {
  await plinth.apply();
  await change(`
    create table shop.extra (id int);
    alter table shop.customers add column nickname text, alter column email drop not null, drop constraint customers_email_check;
    drop index shop.customers_email_idx;
    comment on table shop.customers is 'Somebody.';
    grant select on shop.customers to public;
    create or replace function shop.touch() returns trigger language plpgsql as $$
begin
  new.note := upper(new.note);
  return new;
end
$$;
    alter table shop.orders disable row level security;
    alter policy orders_all on shop.orders using (true);
    drop view shop.recent;
    alter type shop.level add value 'platinum';
    alter table reports.totals drop column day; alter table reports.totals add column day date not null;
    alter sequence shop.numbers increment 10;
  `);
  expect(comparisonText(await plinth.diff(), styleFor(false))).toMatchSnapshot();
});
