/** The foundation keeps its own conventions, and each rule notices what breaks it. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSchema } from '../../src/catalog/index.js';
import { PACKAGE_ROOT, readPackageFile } from '../../src/core/index.js';
import { withSession } from '../../src/database/index.js';
import type { SchemaModel } from '../../src/schema/index.js';
import { analyzeScript, loadParser, statementObjects } from '../../src/sql/index.js';
import { foundationDatabase } from '../docs/foundation.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { CONVENTIONS, EXCEPTIONS } from './conventions.js';

describe('the foundation', () => {
  let place: TestDatabase;
  let model: SchemaModel;
  beforeAll(async () => {
    place = await foundationDatabase();
    model = await withSession(place.database, (session) => readSchema(session));
    expect(model.tables.length).toBeGreaterThan(10);
  });
  afterAll(() => place.drop());

  test.each(Object.keys(CONVENTIONS))('keeps %s, but where it says why not', (name) => {
    expect([...CONVENTIONS[name]!(model)].sort()).toEqual(Object.keys(EXCEPTIONS[name] ?? {}).sort());
  });

  test('says why not of rules that there are', () => {
    expect(Object.keys(CONVENTIONS)).toEqual(expect.arrayContaining(Object.keys(EXCEPTIONS)));
  });
});

/** What breaks each rule: statements, and the places that it names. */
const BROKEN: Readonly<Record<string, readonly [sql: string, ...places: string[]]>> = {
  'quoted-or-reserved-identifier': ['create table "Teams" ("order" int)', 'Teams', 'order'],
  'identifier-too-long': [`create table ${'a'.repeat(61)} ()`, 'a'.repeat(61)],
  'table-name-plural': ['create table team ()', 'team'],
  'column-prefix': ['create table teams (team_name text)', 'teams.team_name'],
  'reference-name': [
    'create table teams (id int primary key, parent int references teams (id))',
    'teams.parent',
  ],
  'prefer-timestamp-tz': ['create table teams (made_at timestamp)', 'teams.made_at'],
  'time-name': ['create table teams (made timestamptz)', 'teams.made'],
  'boolean-name': ['create table teams (is_old boolean)', 'teams.is_old'],
  'prefer-text-field': ['create table teams (a varchar(9), b text)', 'teams.a'],
  'ban-char-field': ['create table teams (a text, b char(9), c char)', 'teams.b', 'teams.c'],
  'prefer-jsonb': ['create table teams (a json)', 'teams.a'],
  'ban-money': ['create table teams (a money, b float)', 'teams.a'],
  'ban-float': ['create table teams (a money, b float, c real)', 'teams.b', 'teams.c'],
  'creating-enum': [`create type mood as enum ('a')`, 'mood'],
  'prefer-identity': ['create table teams (a serial, b bigserial)', 'teams.a', 'teams.b'],
  'prefer-bigint-over-int': [
    'create table teams (a serial, b bigserial, c int generated always as identity)',
    'teams.a',
    'teams.c',
  ],
  'unnamed-constraint': [
    'create table teams (a int, constraint odd check (a > 1)); create index teams_a on teams (a)',
    'odd',
    'teams_a',
  ],
  'comment-missing': [
    'create table teams (a int); create index teams_a_idx on teams (a)',
    'teams',
    'teams.a',
    'teams_a_idx',
  ],
  'soft-delete-column': [
    'create table teams (deleted_at timestamptz not null, is_deleted boolean)',
    'teams.deleted_at',
    'teams.is_deleted',
  ],
  'soft-delete-unique': ['create table teams (name text unique, deleted_at timestamptz)', 'teams_name_key'],
  'no-on-delete-cascade': [
    'create table teams (id int primary key, team_id int references teams (id) on delete cascade)',
    'teams_team_id_fkey',
  ],
  'sensitive-columns-exposed': [
    'create table teams (password text, api_key text, webhook_secret text, input_tokens text, key_prefix text)',
    'teams.password',
    'teams.api_key',
    'teams.webhook_secret',
  ],
  'secret-hash': [
    'create table teams (key_hash text, token_hash bytea)',
    'teams.key_hash',
    'teams.token_hash',
  ],
  'no-primary-key': ['create table teams (a int)', 'teams'],
  'unindexed-foreign-keys': [
    'create table teams (id int primary key, a_id int references teams, b_id int references teams); create index on teams (b_id) where b_id > 7',
    'teams_a_id_fkey',
    'teams_b_id_fkey',
  ],
  'redundant-index': [
    'create table teams (a int, b int); create index teams_a_idx on teams (a); create index teams_a_b_idx on teams (a, b)',
    'teams_a_idx',
  ],
  'wide-index': [
    'create table teams (a int); create index teams_a_idx on teams (a, a, a, a, a, a)',
    'teams_a_idx',
  ],
  'tenant-key-leads': ['create table teams (organization_id int not null, id int primary key)', 'teams_pkey'],
  'function-search-path-mutable': [
    'create function f() returns int language sql security definer as $$ select 1 $$',
    'f',
  ],
  'public-privileges': ['create table teams (); grant select on teams to public', 'teams'],
};

describe('a rule notices', () => {
  let place: TestDatabase;
  beforeAll(async () => {
    place = await createTestDatabase();
  });
  afterAll(() => place.drop());

  test.each(Object.keys(CONVENTIONS))('what breaks %s', async (name) => {
    const [sql, ...places] = BROKEN[name]!;
    const found = await withSession(place.database, async (session) => {
      await session.run('drop schema if exists bad cascade; create schema bad; set search_path = bad');
      await session.run(sql);
      return CONVENTIONS[name]!(await readSchema(session, { schemas: ['bad'] }));
    });
    expect([...found].sort()).toEqual([...places].sort());
  });
});

test('docs/conventions.md marks exactly the rules that are checked here', () => {
  const marked = [...readPackageFile('docs/conventions.md').matchAll(/`([a-z-]+)` ✓/g)].map(
    ([, name]) => name,
  );
  const ofScripts = ['require-table-schema', 'down-missing'];
  expect([...new Set(marked)].sort()).toEqual([...Object.keys(CONVENTIONS), ...ofScripts].sort());
});

describe('each migration of the foundation', () => {
  const scripts = ['operational', 'analytics'].flatMap((target) =>
    readdirSync(join(PACKAGE_ROOT, 'db/migrations', target))
      .filter((file) => file.endsWith('.up.sql'))
      .map((file) => `db/migrations/${target}/${file}`),
  );
  beforeAll(loadParser);

  test('is seen', () => {
    expect(scripts.length).toBeGreaterThan(20);
  });

  test.each(scripts)('%s says what, why and what it locks, names schemas, and has a way back', (script) => {
    const text = readPackageFile(script);
    expect(text).toMatch(/^-- What: /);
    expect(text).toMatch(/^-- Why: /m);
    expect(text).toMatch(/^-- Locks: /m);
    expect(readPackageFile(script.replace(/up\.sql$/, 'down.sql')).trim()).not.toBe('');
    const unqualified = analyzeScript(text).flatMap(({ outcome }) =>
      outcome.kind === 'parsed'
        ? statementObjects(outcome.node)
            .uses.filter(({ action }) => action === 'create' || action === 'alter')
            .filter(({ kind, schema, of }) => OF_SCHEMAS.has(kind) && (of ?? { schema }).schema === undefined)
            .map(({ name }) => name)
        : [],
    );
    expect(unqualified).toEqual([]);
  });
});

const OF_SCHEMAS: ReadonlySet<string> = new Set([
  'table',
  'view',
  'index',
  'sequence',
  'function',
  'type',
  'domain',
  'trigger',
]);
