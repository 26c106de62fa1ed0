import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toJson } from '../../src/cli/json.js';
import { withSession } from '../../src/database/index.js';
import { apply, type MigrationPlan, plan, rollback } from '../../src/migrate/index.js';
import { planDocument } from '../../src/migrate/plan-document.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let root: string;

beforeAll(async () => {
  database = await createTestDatabase();
  root = mkdtempSync(join(tmpdir(), 'plinth-plan-'));
  await withSession(database.database, (session) =>
    session.run(`create table people (id int primary key, name varchar(10), born date);
      create table pets (id int primary key, owner_id int references people (id) on delete cascade);
      insert into people select n, 'p' || n, null from generate_series(1, 1000) n;
      analyze people`),
  );
});

afterAll(async () => {
  rmSync(root, { recursive: true, force: true });
  await database.drop();
});

let folders = 0;

async function planOf(up: string): Promise<MigrationPlan> {
  folders += 1;
  const path = join(root, `m${folders}`);
  mkdirSync(path);
  writeFileSync(join(path, '1_a.up.sql'), up);
  return plan({ database: database.database, target: 'main', folder: { path, displayPath: 'm' } });
}

async function impactOf(statement: string) {
  const { migrations } = await planOf(`${statement};\n`);
  return migrations[0]!.statements[0]!.impact;
}

it('names the table, its size and the lock of a change that rewrites it', async () => {
  const impact = await impactOf('alter table people alter column id type bigint');
  expect(impact.locks).toContainEqual(
    expect.objectContaining({
      relation: 'public.people',
      lock: 'ACCESS EXCLUSIVE',
      blocksReads: true,
      blocksWrites: true,
      rewrites: 'yes',
      rows: 1000,
    }),
  );
  expect(impact.locks[0]!.bytes).toBeGreaterThan(0);
});

it('knows from the catalogue that a wider varchar rewrites nothing', async () => {
  const impact = await impactOf('alter table people alter column name type varchar(20)');
  expect(impact.locks[0]).toMatchObject({ relation: 'public.people', rewrites: 'no', scans: 'no' });
});

it('says that a plain index blocks writers, and a concurrent one does not and stands alone', async () => {
  const plain = await impactOf('create index people_born_idx on people (born)');
  expect(plain.locks[0]).toMatchObject({
    lock: 'SHARE',
    blocksReads: false,
    blocksWrites: true,
    scans: 'yes',
  });
  const { migrations } = await planOf('create index concurrently people_born_idx on people (born);');
  expect(migrations[0]).toMatchObject({ atomic: false });
  expect(migrations[0]!.statements[0]).toMatchObject({ alone: true });
  expect(migrations[0]!.statements[0]!.impact.locks[0]).toMatchObject({ blocksWrites: false });
});

it('says what is destroyed, a cascade included', async () => {
  const dropped = await impactOf('alter table people drop column born');
  expect(dropped.destroys).toContainEqual(
    expect.objectContaining({
      kind: 'column',
      columns: ['born'],
      relation: { schema: 'public', name: 'people' },
    }),
  );
  const deleted = await impactOf('delete from people where id = 1');
  expect(deleted.destroys.map(({ relation }) => relation.name).sort()).toEqual(['people', 'pets']);
});

it('leaves out tables that an earlier statement of the plan creates', async () => {
  const { migrations } = await planOf(
    'create table fresh (id int);\nalter table fresh add column name text;\n',
  );
  expect(migrations[0]!.statements.map(({ impact }) => impact.locks)).toEqual([[], []]);
});

it('knows that what a column holds which the script has added is nobody’s', async () => {
  const { migrations } = await planOf(
    'alter table people add column age int;\nupdate people set age = 1;\nupdate public.people set age = 2, name = null;\n',
  );
  const [, filled, both] = migrations[0]!.statements.map(({ impact }) => impact);
  expect(filled).toMatchObject({ destroys: [], keeps: [] });
  expect(both!.keeps).toMatchObject([{ how: 'captured', relation: 'public.people' }]);
});

it('marks code that it cannot look into, and statements that are newer than the parser', async () => {
  expect(await impactOf('do $$ begin perform 1; end $$')).toMatchObject({ isOpaque: true, isUnknown: false });
  expect(await impactOf('frobnicate table people')).toMatchObject({ isUnknown: true });
});

it('plans a rollback from the ledger where the folder has no file', async () => {
  const path = join(root, 'applied');
  mkdirSync(path);
  writeFileSync(join(path, '1_a.up.sql'), 'create table extra (id int);');
  writeFileSync(join(path, '1_a.down.sql'), 'drop table extra;');
  const options = { database: database.database, target: 'rolled', folder: { path, displayPath: 'm' } };
  await apply(options);
  rmSync(path, { recursive: true });
  mkdirSync(path);
  const { migrations } = await plan({ ...options, direction: 'down' });
  expect(migrations[0]!.statements[0]!.impact.destroys).toContainEqual(
    expect.objectContaining({ kind: 'table', relation: { schema: 'public', name: 'extra' } }),
  );
});

it('tells what is put back by the way back, and by the way there again', async () => {
  const path = join(root, 'kept');
  mkdirSync(path);
  writeFileSync(join(path, '1_a.up.sql'), 'alter table people drop column name;');
  writeFileSync(join(path, '1_a.down.sql'), 'alter table people add column name varchar(10);');
  const options = { database: database.database, target: 'kept', folder: { path, displayPath: 'm' } };
  expect((await plan(options)).migrations[0]!.restores).toEqual([]);
  await apply(options);
  const down = await plan({ ...options, direction: 'down' });
  const restores = [{ kind: 'column', relation: 'public.people', columns: ['name'], rows: 1000 }];
  expect(down.migrations[0]!.restores).toEqual(restores);
  await rollback(options);
  // What the down took, the column and all it held, comes back with the next apply.
  expect((await plan(options)).migrations[0]!.restores).toEqual([]);
});

it('has the form that is published', async () => {
  const path = join(root, 'form');
  mkdirSync(path);
  writeFileSync(
    join(path, '1_a.up.sql'),
    `alter table pets drop column owner_id; truncate people cascade; do $$ begin end $$;
     create index concurrently on people (born); alter sequence nowhere restart; frobnicate everything;`,
  );
  const options = { database: database.database, target: 'form', folder: { path, displayPath: 'm' } };
  const data = [await plan({ ...options, folder: { path, displayPath: 'm' } })];
  const document = JSON.parse(toJson('plan', data)) as unknown;
  expect(planDocument.parse(document)).toEqual(document);
});

it('changes nothing, not even a missing ledger', async () => {
  const other = await createTestDatabase();
  try {
    const path = join(root, 'untouched');
    mkdirSync(path);
    writeFileSync(join(path, '1_a.up.sql'), 'create table a (id int);');
    await plan({ database: other.database, target: 'main', folder: { path } });
    await withSession(other.database, async (session) => {
      expect(await session.query("select 1 from pg_namespace where nspname = 'plinth'")).toEqual([]);
    });
  } finally {
    await other.drop();
  }
});
