/** Kept data through a project: its classes, and the members of a fleet. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { open } from '../../src/project/index.js';
import { keptText, shownKeptText } from '../../src/report/index.js';
import { styleFor } from '../../src/report/style.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const PLAIN = styleFor(false);
let place: TestDatabase;
let folder: string;

beforeAll(async () => {
  place = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'plinth-kept-'));
  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write(
    'plinth.yaml',
    `version: 1
project: kept
targets:
  one: { migrations: db/one, url: '\${KEPT_TEST_URL}' }
  many: { migrations: db/many, url: '\${KEPT_TEST_URL}', fleet: { schemas: [tenant_a, tenant_b] } }
`,
  );
  write(
    'configs/data-classification.yml',
    'columns:\n  public.users.id: internal\n  public.users.email: restricted\n  public.users.name: { class: confidential }\n',
  );
  write(
    'db/one/1_drop.up.sql',
    'alter table users drop column email;\nalter table users drop column note;\n',
  );
  write(
    'db/one/1_drop.down.sql',
    'alter table users add column email text;\nalter table users add column note text;\n',
  );
  write('db/many/1_drop.up.sql', 'drop table notes;\n');
  write('db/many/1_drop.down.sql', 'create table notes (id integer);\n');
  await withSession(place.database, (session) =>
    session.run(`
      create table users (id integer primary key, email text, name text, note text);
      insert into users values (1, 'ada@example.org', 'Ada', 'x');
      create schema tenant_a; create table tenant_a.notes (id integer); insert into tenant_a.notes values (1);
      create schema tenant_b; create table tenant_b.notes (id integer); insert into tenant_b.notes values (2), (3);`),
  );
  const { apply } = await open({ cwd: folder, environment: { KEPT_TEST_URL: place.url } });
  await apply({ target: 'one' });
  await apply({ target: 'many' });
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await place.drop();
});

it('tells the class of what is kept, even when the file no longer has the column', async () => {
  writeFileSync(join(folder, 'configs/data-classification.yml'), 'columns:\n  public.users.note: internal\n');
  const { kept } = await open({ cwd: folder, environment: { KEPT_TEST_URL: place.url } });
  const { entries } = await kept.list({ target: 'one' });
  expect(entries.map(({ columns, class: most, classes }) => ({ columns, most, classes }))).toEqual([
    { columns: ['email'], most: 'restricted', classes: { id: 'internal', email: 'restricted' } },
    { columns: ['note'], most: 'internal', classes: { id: 'internal', note: 'internal' } },
  ]);
  expect(keptText(await kept.list({ target: 'one' }), PLAIN)).toMatch(/users \(email\) +restricted/);
  const shown = await kept.show({ target: 'one', id: entries[0]!.id });
  expect(shownKeptText(shown, PLAIN)).toContain('class: restricted (id internal, email restricted)');
});

it('notes the class on the tables that hold kept data, and on copies of it', async () => {
  const { kept } = await open({ cwd: folder, environment: { KEPT_TEST_URL: place.url } });
  const [entry] = (await kept.list({ target: 'one' })).entries;
  await kept.restore({ target: 'one', id: entry!.id, into: 'public.old_emails' });
  const comments = await withSession(place.database, (session) =>
    session.query<{ comment: string }>(
      'select obj_description($1::regclass) as comment union all select obj_description($2::regclass)',
      [entry!.table, 'public.old_emails'],
    ),
  );
  expect(comments.map(({ comment }) => comment)).toEqual([
    'Kept of public.users; class: restricted',
    'Kept of public.users; class: restricted',
  ]);
});

it('lists every member of a fleet, and wants one named where ids are', async () => {
  const { kept } = await open({ cwd: folder, environment: { KEPT_TEST_URL: place.url } });
  const { entries } = await kept.list({ target: 'many' });
  expect(entries.map(({ member, relation, rows }) => [member, relation, rows])).toEqual([
    ['tenant_a', 'tenant_a.notes', 1],
    ['tenant_b', 'tenant_b.notes', 2],
  ]);
  expect((await kept.list({ target: 'many', member: 'tenant_b' })).entries).toHaveLength(1);
  const { id } = entries[1]!;
  await expect(kept.show({ target: 'many', id })).rejects.toMatchObject({ code: 'PROJECT_MEMBER_NEEDED' });
  await expect(kept.list({ target: 'many', member: 'nobody' })).rejects.toMatchObject({
    code: 'PROJECT_MEMBER_UNKNOWN',
  });
  const { rows } = await kept.show({ target: 'many', member: 'tenant_b', id });
  expect(rows).toEqual([['2'], ['3']]);
  const purged = await kept.purge({ target: 'many', member: 'tenant_b', ids: [id] });
  expect(purged.entries).toHaveLength(1);
  expect((await kept.purge({ target: 'many', all: true })).entries).toHaveLength(1);
});
