import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ComparisonOptions, diff, fingerprint, readSchema } from '../../src/catalog/index.js';
import { withSession } from '../../src/database/index.js';
import type { SchemaModel } from '../../src/schema/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let place: TestDatabase;

beforeAll(async () => {
  place = await createTestDatabase();
});
afterAll(async () => {
  await place?.drop();
});

/** The schema that the statements make; nothing of it stays. */
async function schemaOf(ddl: string): Promise<SchemaModel> {
  return await withSession(place.database, async (session) => {
    await session.run(`begin; ${ddl}`);
    const model = await readSchema(session, { insideTransaction: true });
    await session.run('rollback');
    return model;
  });
}

function areEqual(a: SchemaModel, b: SchemaModel, options: ComparisonOptions): boolean {
  const { isEmpty } = diff(a, b, options);
  expect(fingerprint(a, options) === fingerprint(b, options)).toBe(isEmpty);
  return isEmpty;
}

test('the order of columns counts, unless it is told not to, whatever was made on them', async () => {
  const made = (columns: string): string => `
    create table plants (${columns});
    alter table plants add constraint plants_pk primary key (b, a), add constraint plants_check check (c > a),
      add constraint plants_parent foreign key (c, b) references plants (b, a);
    create index plants_idx on plants (c desc, a) include (b) where b > 0;
    create statistics plants_stats on a, c, b from plants;
    create view plants_view as select a, b, c from plants;
    create function touch() returns trigger language plpgsql as 'begin return new; end';
    create trigger plants_touch before update of a, c on plants for each row execute function touch();
    grant select (a, c) on plants to public;
    comment on column plants.c is 'The third'`;
  const before = await schemaOf(made('a int, b int not null, c int default 1'));
  const after = await schemaOf(made('c int default 1, a int, b int not null'));
  expect(areEqual(before, after, { ignoreColumnOrder: true })).toBe(true);
  expect(areEqual(before, after, {})).toBe(false);
  expect(diff(before, after).reordered).toEqual([
    {
      address: { kind: 'table', path: ['public', 'plants'] },
      moved: ['c'],
      before: ['a', 'b', 'c'],
      after: ['c', 'a', 'b'],
    },
  ]);
});

test.each([
  ['owners', { ignoreOwners: true }, 'alter table plants owner to pg_monitor'],
  [
    'grants',
    { ignorePrivileges: true },
    'grant select on plants to public; grant insert (a) on plants to public',
  ],
  [
    'default privileges',
    { ignorePrivileges: true },
    'alter default privileges grant select on tables to public',
  ],
])('%s count, unless they are told not to', async (_, options, ddl) => {
  const before = await schemaOf('create table plants (a int)');
  const after = await schemaOf(`create table plants (a int); ${ddl}`);
  expect(areEqual(before, after, options)).toBe(true);
  expect(areEqual(before, after, {})).toBe(false);
});

test('names of not-null constraints, which older versions do not have, count only when all must be exact', async () => {
  const before = await schemaOf('create table plants (a int not null)');
  const after = await schemaOf('create table plants (a int constraint a_is_there not null)');
  expect(areEqual(before, after, {})).toBe(true);
  expect(areEqual(before, after, { exact: true })).toBe(false);
});

test('a privilege that was granted and taken back, or granted to the owner, leaves nothing to see', async () => {
  const untouched = await schemaOf('create table plants (a int)');
  const touched = await schemaOf(`create table plants (a int);
    grant select on plants to public; revoke select on plants from public; grant all on plants to current_user`);
  expect(areEqual(untouched, touched, { exact: true })).toBe(true);
});

test('a partition is the same whether it was made as one or attached', async () => {
  const parent = `create table readings (at date not null, value int check (value > 0), primary key (at))
    partition by range (at); create index readings_value_idx on readings (value);`;
  const made = await schemaOf(
    `${parent} create table readings_2025 partition of readings for values from ('2025-01-01') to ('2026-01-01')`,
  );
  const attached = await schemaOf(`${parent}
    create table readings_2025 (at date not null, value int, constraint readings_value_check check (value > 0),
      constraint readings_2025_pkey primary key (at));
    create index readings_2025_value_idx on readings_2025 (value);
    alter table readings attach partition readings_2025 for values from ('2025-01-01') to ('2026-01-01')`);
  expect(areEqual(made, attached, {})).toBe(true);
});
