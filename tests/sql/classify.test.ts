import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyzeScript, type Classification, loadParser, type StatementKind } from '../../src/sql/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';

beforeAll(loadParser);

function classify(text: string): Classification {
  return analyzeScript(text)[0]!.classification;
}

/** Statements with their class, as the server is to confirm it; `answer` where its answer is not the tag. */
interface Sample {
  readonly sql: string;
  readonly tag: string;
  readonly kind: StatementKind;
  readonly rule: Classification['transactionBlock']['rule'];
  readonly answer?: string;
  /** The server is not asked: it would need a role or a publisher that is not there. */
  readonly unconfirmed?: boolean;
}

function sample(
  kind: StatementKind,
  rule: Sample['rule'],
  tag: string,
  sql: string,
  more: Partial<Sample> = {},
): Sample {
  return { sql, tag, kind, rule, ...more };
}

const SAMPLES: readonly Sample[] = [
  sample('definition', 'allowed', 'CREATE TABLE', 'create table x1 (id int)'),
  sample('definition', 'allowed', 'CREATE TABLE AS', 'create table x2 as select 1 as id', {
    answer: 'SELECT',
  }),
  sample('definition', 'allowed', 'SELECT INTO', 'select 1 as id into x3', { answer: 'SELECT' }),
  sample(
    'definition',
    'allowed',
    'CREATE MATERIALIZED VIEW',
    'create materialized view x4 as select 1 as id',
    { answer: 'SELECT' },
  ),
  sample(
    'definition',
    'allowed',
    'CREATE MATERIALIZED VIEW',
    'create materialized view x5 as select 1 as id with no data',
  ),
  sample('definition', 'allowed', 'CREATE VIEW', 'create or replace view x6 as select 1 as id'),
  sample('definition', 'allowed', 'CREATE INDEX', 'create index on t (id)'),
  sample('definition', 'forbidden', 'CREATE INDEX', 'create index concurrently on t (id)'),
  sample(
    'definition',
    'forbidden',
    'CREATE INDEX',
    'create unique index concurrently if not exists i on t (id)',
  ),
  sample('definition', 'allowed', 'DROP INDEX', 'drop index if exists nothing'),
  sample('definition', 'forbidden', 'DROP INDEX', 'drop index concurrently if exists i'),
  sample('definition', 'allowed', 'ALTER TABLE', 'alter table t add column added int'),
  sample('definition', 'allowed', 'ALTER TABLE', 'alter table t rename column name to renamed'),
  sample('definition', 'allowed', 'ALTER TABLE', 'alter table t rename constraint t_id_check to t_checked'),
  sample('definition', 'allowed', 'ALTER TABLE', 'alter table t set schema app'),
  sample('definition', 'allowed', 'ALTER TABLE', 'alter table t owner to current_user'),
  sample('definition', 'allowed', 'ALTER TABLE', 'alter table parted detach partition part'),
  sample('definition', 'forbidden', 'ALTER TABLE', 'alter table parted detach partition part concurrently'),
  sample('definition', 'allowed', 'ALTER VIEW', 'alter view v rename to w'),
  sample('definition', 'allowed', 'ALTER VIEW', 'alter view v rename column id to key'),
  sample('definition', 'allowed', 'ALTER VIEW', 'alter view v alter column id set default 1'),
  sample('definition', 'allowed', 'ALTER MATERIALIZED VIEW', 'alter materialized view m rename to n'),
  sample('definition', 'allowed', 'ALTER INDEX', 'alter index t_pkey rename to t_key'),
  sample('definition', 'allowed', 'ALTER INDEX', 'alter index t_pkey set (fillfactor = 90)'),
  sample('definition', 'allowed', 'ALTER SEQUENCE', 'alter sequence s restart'),
  sample('definition', 'allowed', 'ALTER SEQUENCE', 'alter sequence s rename to r'),
  sample('definition', 'allowed', 'CREATE SEQUENCE', 'create sequence x7'),
  sample('definition', 'allowed', 'CREATE SCHEMA', 'create schema x8 create table y (id int)'),
  sample('definition', 'allowed', 'ALTER SCHEMA', 'alter schema app rename to apps'),
  sample('definition', 'allowed', 'CREATE TYPE', "create type x9 as enum ('a')"),
  sample('definition', 'allowed', 'CREATE TYPE', 'create type x10 as (a int)'),
  sample('definition', 'allowed', 'CREATE TYPE', 'create type x11 as range (subtype = int)'),
  sample('definition', 'allowed', 'CREATE TYPE', 'create type x12'),
  sample('definition', 'allowed', 'ALTER TYPE', "alter type mood add value 'calm'"),
  sample('definition', 'allowed', 'ALTER TYPE', "alter type mood rename value 'sad' to 'blue'"),
  sample('definition', 'allowed', 'ALTER TYPE', 'alter type pair add attribute c int'),
  sample('definition', 'allowed', 'ALTER TYPE', 'alter type pair rename attribute a to z'),
  sample('definition', 'allowed', 'DROP TYPE', 'drop type pair'),
  sample('definition', 'allowed', 'CREATE DOMAIN', 'create domain x13 as int'),
  sample('definition', 'allowed', 'ALTER DOMAIN', 'alter domain positive drop constraint positive_check'),
  sample(
    'definition',
    'allowed',
    'ALTER DOMAIN',
    'alter domain positive rename constraint positive_check to p',
  ),
  sample(
    'definition',
    'allowed',
    'CREATE AGGREGATE',
    'create aggregate x14 (int) (sfunc = int4pl, stype = int)',
  ),
  sample(
    'definition',
    'allowed',
    'CREATE OPERATOR',
    'create operator @@@ (function = int4pl, leftarg = int, rightarg = int)',
  ),
  sample('definition', 'allowed', 'CREATE COLLATION', "create collation x15 (locale = 'C')"),
  sample(
    'definition',
    'allowed',
    'CREATE TEXT SEARCH CONFIGURATION',
    'create text search configuration x16 (copy = simple)',
  ),
  sample('definition', 'allowed', 'CREATE CAST', 'create cast (pair as text) with inout'),
  sample(
    'definition',
    'allowed',
    'CREATE FUNCTION',
    "create function x17() returns int language sql as 'select 1'",
  ),
  sample('definition', 'allowed', 'CREATE PROCEDURE', "create procedure x18() language sql as 'select 1'"),
  sample('definition', 'allowed', 'ALTER FUNCTION', 'alter function f() stable'),
  sample('definition', 'allowed', 'ALTER PROCEDURE', 'alter procedure p() owner to current_user'),
  sample('definition', 'allowed', 'ALTER ROUTINE', 'alter routine f() rename to g'),
  sample('definition', 'allowed', 'DROP FUNCTION', 'drop function f()'),
  sample(
    'definition',
    'allowed',
    'CREATE TRIGGER',
    'create trigger x19 before insert on t for each row execute function touch()',
  ),
  sample('definition', 'allowed', 'DROP TRIGGER', 'drop trigger if exists nothing on t'),
  sample('definition', 'allowed', 'CREATE RULE', 'create rule x20 as on insert to v do instead nothing'),
  sample('definition', 'allowed', 'CREATE POLICY', 'create policy x21 on t'),
  sample('definition', 'allowed', 'ALTER POLICY', 'alter policy everyone on t using (true)'),
  sample('definition', 'allowed', 'DROP POLICY', 'drop policy everyone on t'),
  sample('definition', 'allowed', 'CREATE STATISTICS', 'create statistics x22 on id, name from t'),
  sample(
    'definition',
    'allowed',
    'CREATE EVENT TRIGGER',
    'create event trigger x23 on ddl_command_end execute function on_event()',
  ),
  sample('definition', 'allowed', 'CREATE EXTENSION', 'create extension if not exists plpgsql'),
  sample('definition', 'allowed', 'CREATE PUBLICATION', 'create publication x24'),
  sample(
    'definition',
    'forbidden',
    'CREATE SUBSCRIPTION',
    "create subscription x25 connection 'host=nowhere' publication p",
  ),
  sample(
    'definition',
    'allowed',
    'CREATE SUBSCRIPTION',
    "create subscription x26 connection 'host=nowhere' publication p with (connect = false, slot_name = none)",
  ),
  sample('definition', 'forbidden', 'ALTER SUBSCRIPTION', 'alter subscription sub refresh publication', {
    unconfirmed: true,
  }),
  sample('definition', 'forbidden', 'ALTER SUBSCRIPTION', 'alter subscription sub set publication p', {
    unconfirmed: true,
  }),
  sample(
    'definition',
    'allowed',
    'ALTER SUBSCRIPTION',
    'alter subscription sub set publication p with (refresh = false)',
    { unconfirmed: true },
  ),
  sample('definition', 'depends', 'DROP SUBSCRIPTION', 'drop subscription sub'),
  sample('definition', 'allowed', 'CREATE FOREIGN DATA WRAPPER', 'create foreign data wrapper w'),
  sample('definition', 'forbidden', 'CREATE DATABASE', 'create database x27'),
  sample('definition', 'forbidden', 'DROP DATABASE', 'drop database if exists nothing'),
  sample('definition', 'forbidden', 'ALTER DATABASE', 'alter database postgres set tablespace pg_default'),
  sample('definition', 'allowed', 'ALTER DATABASE', 'alter database postgres connection limit 50'),
  sample('definition', 'allowed', 'ALTER DATABASE', "alter database postgres set search_path = ''"),
  sample('definition', 'forbidden', 'CREATE TABLESPACE', "create tablespace x28 location '/nowhere'"),
  sample('definition', 'forbidden', 'DROP TABLESPACE', 'drop tablespace if exists nothing'),
  sample('definition', 'forbidden', 'ALTER SYSTEM', 'alter system reset work_mem'),
  sample('definition', 'allowed', 'CREATE ROLE', 'create role x29'),
  sample('definition', 'allowed', 'CREATE ROLE', 'create user x30'),
  sample('definition', 'allowed', 'ALTER ROLE', "alter role current_user set search_path = ''"),
  sample('definition', 'allowed', 'DROP ROLE', 'drop role if exists nothing'),
  sample('definition', 'allowed', 'GRANT', 'grant select on t to public'),
  sample('definition', 'allowed', 'REVOKE', 'revoke select on t from public'),
  sample('definition', 'allowed', 'GRANT ROLE', 'grant pg_monitor to current_user'),
  sample(
    'definition',
    'allowed',
    'ALTER DEFAULT PRIVILEGES',
    'alter default privileges grant select on tables to public',
  ),
  sample('definition', 'allowed', 'COMMENT', "comment on table t is 'x'"),
  sample('definition', 'allowed', 'DROP TABLE', 'drop table t cascade'),
  sample('definition', 'allowed', 'DROP OWNED', 'drop owned by a', { unconfirmed: true }),
  sample('data', 'allowed', 'INSERT', 'insert into t values (1)'),
  sample('data', 'allowed', 'UPDATE', 'update t set id = 2'),
  sample('data', 'allowed', 'DELETE', 'delete from t'),
  sample(
    'data',
    'allowed',
    'MERGE',
    'merge into t using (select 1 as id) as s on s.id = t.id when not matched then insert values (1)',
  ),
  sample('data', 'allowed', 'TRUNCATE TABLE', 'truncate t'),
  sample('data', 'allowed', 'SELECT', 'with gone as (delete from t returning *) select * from gone'),
  sample('data', 'allowed', 'EXPLAIN', 'explain analyze delete from t'),
  sample('data', 'allowed', 'REFRESH MATERIALIZED VIEW', 'refresh materialized view m'),
  sample('data', 'allowed', 'REFRESH MATERIALIZED VIEW', 'refresh materialized view concurrently m'),
  sample('query', 'allowed', 'EXPLAIN', 'explain delete from t'),
  sample('query', 'allowed', 'SELECT', 'values (1)', { answer: 'SELECT' }),
  sample('query', 'allowed', 'SELECT', 'table t for update'),
  sample('query', 'allowed', 'SHOW', 'show search_path'),
  sample('maintenance', 'forbidden', 'VACUUM', 'vacuum t'),
  sample('maintenance', 'forbidden', 'VACUUM', 'vacuum (full, analyze) t'),
  sample('maintenance', 'allowed', 'ANALYZE', 'analyze t'),
  sample('maintenance', 'forbidden', 'CLUSTER', 'cluster'),
  sample('maintenance', 'depends', 'CLUSTER', 'cluster t using t_pkey'),
  sample('maintenance', 'depends', 'REINDEX', 'reindex table t'),
  sample('maintenance', 'depends', 'REINDEX', 'reindex table parted'),
  sample('maintenance', 'forbidden', 'REINDEX', 'reindex index concurrently t_pkey'),
  sample('maintenance', 'forbidden', 'REINDEX', 'reindex (concurrently) table t'),
  sample('maintenance', 'depends', 'REINDEX', 'reindex (concurrently off) table t'),
  sample('maintenance', 'forbidden', 'REINDEX', 'reindex schema app'),
  sample('maintenance', 'allowed', 'CHECKPOINT', 'checkpoint'),
  sample('transaction', 'required', 'LOCK TABLE', 'lock table t in share mode'),
  sample('transaction', 'required', 'SAVEPOINT', 'savepoint a'),
  sample('transaction', 'forbidden', 'COMMIT PREPARED', "commit prepared 'x'"),
  sample('transaction', 'forbidden', 'ROLLBACK PREPARED', "rollback prepared 'x'"),
  sample('transaction', 'allowed', 'SET', 'set transaction isolation level serializable'),
  sample('transaction', 'allowed', 'SET CONSTRAINTS', 'set constraints all deferred'),
  sample('session', 'allowed', 'SET', 'set search_path = app'),
  sample('session', 'allowed', 'SET', "set local lock_timeout = '1s'"),
  sample('session', 'allowed', 'SET', 'set session authorization default'),
  sample('session', 'allowed', 'SET', 'set session characteristics as transaction read only'),
  sample('session', 'allowed', 'RESET', 'reset all'),
  sample('session', 'forbidden', 'DISCARD ALL', 'discard all'),
  sample('session', 'allowed', 'DISCARD TEMP', 'discard temp'),
  sample('session', 'allowed', 'LISTEN', 'listen news'),
  sample('session', 'allowed', 'UNLISTEN', 'unlisten *'),
  sample('session', 'allowed', 'NOTIFY', 'notify news'),
  sample('session', 'allowed', 'PREPARE', 'prepare q as select 1'),
  sample('session', 'allowed', 'DEALLOCATE ALL', 'deallocate all'),
  sample('session', 'required', 'DECLARE CURSOR', 'declare c cursor for select 1'),
  sample('session', 'allowed', 'DECLARE CURSOR', 'declare c cursor with hold for select 1'),
  sample('session', 'allowed', 'CLOSE CURSOR ALL', 'close all'),
  sample('opaque', 'depends', 'CALL', 'call p()'),
  sample('opaque', 'depends', 'CALL', 'call committing()'),
  sample('opaque', 'allowed', 'DO', 'do $$ begin perform 1; end $$'),
  sample('opaque', 'depends', 'DO', 'do $$ begin commit; end $$'),
];

const SETUP = `
  create schema app;
  create table t (id int primary key, name text, check (id > 0));
  alter table t enable row level security;
  create policy everyone on t;
  create table parted (id int) partition by list (id);
  create table part partition of parted for values in (1);
  create index on parted (id);
  create view v as select id from t;
  create materialized view m as select 1 as id;
  create unique index on m (id);
  create sequence s;
  create type mood as enum ('sad', 'ok');
  create type pair as (a int, b int);
  create domain positive as int check (value > 0);
  create function f() returns int language sql as 'select 1';
  create procedure p() language sql as 'select 1';
  create procedure committing() language plpgsql as 'begin commit; end';
  create function touch() returns trigger language plpgsql as 'begin return new; end';
  create function on_event() returns event_trigger language plpgsql as 'begin end';
`;

describe('classification', () => {
  test.each(SAMPLES.map((row) => [row.sql, row] as const))('of %s', (sql, { tag, kind, rule }) => {
    const classification = classify(sql);
    expect(classification).toMatchObject({ tag, kind, transactionBlock: { rule } });
  });

  test.each([
    ['begin isolation level serializable', 'begin', 'BEGIN'],
    ['start transaction', 'begin', 'START TRANSACTION'],
    ['commit and chain', 'commit', 'COMMIT'],
    ['end', 'commit', 'COMMIT'],
    ['abort', 'rollback', 'ROLLBACK'],
    ['rollback', 'rollback', 'ROLLBACK'],
    ['savepoint a', 'savepoint', 'SAVEPOINT'],
    ['release a', 'release', 'RELEASE'],
    ['rollback to a', 'rollback-to', 'ROLLBACK'],
    ["prepare transaction 'a'", 'prepare', 'PREPARE TRANSACTION'],
    ['select 1', undefined, 'SELECT'],
  ])('knows transaction control: %s', (sql, transactionControl, tag) => {
    expect(classify(sql)).toMatchObject({ transactionControl, tag });
  });

  test.each([
    ['set search_path = a', { kind: 'set', name: 'search_path', until: 'session' }],
    ['set local Search_Path = a', { kind: 'set', name: 'search_path', until: 'transaction' }],
    ['set role a', { kind: 'set', name: 'role', until: 'session' }],
    ['set transaction read only', { kind: 'set', name: 'transaction', until: 'transaction' }],
    ["set transaction snapshot 'x'", { kind: 'set', name: 'transaction snapshot', until: 'transaction' }],
    [
      'set session characteristics as transaction read only',
      { kind: 'set', name: 'session characteristics', until: 'session' },
    ],
    ['reset search_path', { kind: 'reset', name: 'search_path', until: 'session' }],
    ['reset all', { kind: 'reset', name: 'all', until: 'session' }],
    [
      "select pg_catalog.set_config('search_path', '', false)",
      { kind: 'set', name: 'search_path', until: 'session' },
    ],
    ["select set_config('app.tenant', '1', true)", { kind: 'set', name: 'app.tenant', until: 'transaction' }],
    ['discard temp', { kind: 'discard', name: 'temp', until: 'session' }],
    ['listen news', { kind: 'listen', name: 'news', until: 'session' }],
    ['unlisten *', { kind: 'listen', name: 'all', until: 'session' }],
    ['deallocate q', { kind: 'prepare', name: 'q', until: 'session' }],
    ['declare c cursor for select 1', { kind: 'cursor', name: 'c', until: 'transaction' }],
    ["load 'auto_explain'", { kind: 'load', name: 'auto_explain', until: 'session' }],
    ['select 1', undefined],
  ])('knows what stays in the session: %s', (sql, effect) => {
    expect(classify(sql).sessionEffect).toEqual(effect);
  });

  test('names the enum label that is added, and none where one is renamed', () => {
    expect(classify("alter type app.mood add value if not exists 'calm' before 'sad'").addsEnumValue).toEqual(
      {
        type: ['app', 'mood'],
        value: 'calm',
      },
    );
    expect(classify("alter type mood rename value 'sad' to 'blue'").addsEnumValue).toBeUndefined();
  });

  test('leaves what the parser does not know to the server', () => {
    expect(classify('repack table t')).toMatchObject({
      tag: 'REPACK TABLE',
      kind: 'unknown',
      transactionBlock: { rule: 'depends' },
    });
    expect(classify('\\connect other')).toMatchObject({ tag: '???', kind: 'unknown' });
  });

  test('reports COPY by its direction', () => {
    expect(classify('copy t from stdin')).toMatchObject({ tag: 'COPY', kind: 'data' });
    expect(classify('copy t to stdout')).toMatchObject({ tag: 'COPY', kind: 'query' });
  });
});

describeOnEveryServer('classification agrees with the server', ({ url }) => {
  let testDatabase: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    testDatabase = await createTestDatabase({ serverUrl: await url() });
    client = new pg.Client(testDatabase.url);
    await client.connect();
    await client.query(SETUP);
  });
  afterAll(async () => {
    await client.end();
    await testDatabase.drop();
  });

  test('on the tags, and on what it refuses in a transaction block and outside one', async () => {
    for (const { sql, tag, rule, answer } of SAMPLES.filter(({ unconfirmed }) => !unconfirmed)) {
      const inside = await attempt(client, `begin`, sql);
      const refused = inside.sqlstate === '25001';
      expect({ sql, refused }).toEqual({
        sql,
        refused: rule === 'forbidden' || (rule === 'depends' && refused),
      });
      if (rule === 'allowed' || rule === 'required') {
        expect({ sql, sqlstate: inside.sqlstate }).toEqual({ sql, sqlstate: undefined });
      }
      if (inside.tag !== undefined) {
        expect({ sql, tag: inside.tag }).toEqual({ sql, tag: answer ?? tag });
      }
      if (rule === 'required') {
        expect({ sql, ...(await attempt(client, undefined, sql)) }).toMatchObject({ sqlstate: '25P01' });
      }
    }
  });

  test('on the enum label that cannot be used before the commit', async () => {
    const outcome = await attempt(client, "begin; alter type mood add value 'new'", "select 'new'::mood");
    expect(outcome.sqlstate).toBe('55P04');
  });
});

interface Outcome {
  readonly tag?: string;
  readonly sqlstate?: string;
}

/** Runs `sql` after `before` and takes everything back; the server's tag without its counts. */
async function attempt(client: pg.Client, before: string | undefined, sql: string): Promise<Outcome> {
  let text: string | undefined;
  const note = (message: { readonly text: string }): void => {
    text = message.text;
  };
  const { connection } = client as unknown as { readonly connection: NodeJS.EventEmitter };
  try {
    await client.query(before ?? 'select');
    connection.on('commandComplete', note);
    await client.query(sql);
    return { tag: text!.replace(/[ \d]+$/, '') };
  } catch (error) {
    return { sqlstate: (error as pg.DatabaseError).code! };
  } finally {
    connection.off('commandComplete', note);
    await client.query('rollback');
  }
}
