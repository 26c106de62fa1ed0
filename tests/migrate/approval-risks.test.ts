import { describe, expect, test } from 'vitest';
import { type MigrationRisks, migrationRisks } from '../../src/migrate/approvals/risk.js';
import type { Migration, ScriptSource } from '../../src/migrate/migration.js';

const RESTRICTED = new Set(['platform.users.email', 'platform.cards.number']);

function migration(up: string, down: string | undefined, kind: Migration['kind'] = 'versioned'): Migration {
  const source = (text: string): ScriptSource => ({ file: 'x.sql', read: () => text });
  return {
    version: '1',
    name: 'x',
    kind,
    up: source(up),
    down: down === undefined ? undefined : source(down),
  };
}

function risksOf({ up }: MigrationRisks): string[] {
  return [...new Set(up.map(({ risk }) => risk))].sort();
}

describe('The risks of a statement', () => {
  test.each([
    ['create table t (id bigint primary key)', []],
    ['create table t (id bigint); insert into t values (1); delete from t; drop table t', []],
    ['alter table t add column note text', []],
    ['create index concurrently i on t (a)', []],
    ['create function f() returns int language sql as $$ select 1 $$', []],
    ['select 1', []],
    ['drop table t', ['destructive']],
    ['drop schema s cascade', ['destructive']],
    ['drop type mood', ['destructive']],
    ['truncate t', ['destructive']],
    ['delete from t where a = 1', ['destructive']],
    ['update t set a = 1', ['destructive']],
    ['with gone as (delete from t returning *) select count(*) from gone', ['destructive']],
    ['alter table t drop column a', ['destructive']],
    ['create table if not exists t (a int); delete from t', ['destructive']],
    ['delete from t; create table t (a int)', ['destructive']],
    ['alter table t alter column a type integer', ['destructive', 'long-lock']],
    ['create index i on t (a)', ['long-lock']],
    ['alter table t add constraint positive check (a > 0)', ['long-lock']],
    ['alter table t add constraint positive check (a > 0) not valid', []],
    ['vacuum full t', ['long-lock']],
    ['do $$ begin perform 1; end $$', ['destructive', 'long-lock', 'restricted-data']],
    ['call tidy()', ['destructive', 'long-lock', 'restricted-data']],
    ['create gizmo g', ['destructive', 'long-lock', 'restricted-data']],
    ['alter table platform.users drop column email', ['destructive', 'restricted-data']],
    ['alter table users drop column email', ['destructive', 'restricted-data']],
    ['alter table other.users drop column email', ['destructive']],
    ['alter table platform.users drop column note', ['destructive']],
    ['update platform.users set email = lower(email)', ['destructive', 'restricted-data']],
    ['update platform.users set note = 1', ['destructive']],
    ['drop table platform.users', ['destructive', 'restricted-data']],
    ['drop schema platform cascade', ['destructive', 'restricted-data']],
    ['grant select on platform.users to everybody', ['restricted-data']],
    ['create view people as select * from platform.users', ['restricted-data']],
    ['create view people as select id, "email" from platform.users', ['restricted-data']],
    ['create view people as select id from platform.users', []],
    ['alter table platform.users disable row level security', ['restricted-data']],
    ['alter table platform.users rename to persons', ['restricted-data']],
    ['comment on column platform.users.email is $$x$$', ['restricted-data']],
  ])('%s', async (up, risks) => {
    expect(risksOf(await migrationRisks(migration(up, 'select 1'), RESTRICTED))).toEqual(risks);
  });
});

describe('A way back', () => {
  test('that is missing makes a migration irreversible', async () => {
    const { up } = await migrationRisks(migration('create table t (a int)', undefined), RESTRICTED);
    expect(up).toEqual([{ risk: 'irreversible', reason: '1 has no down script', line: undefined }]);
  });

  test('that is declared missing makes it so with its reason', async () => {
    const text = '-- plinth: irreversible reason="sent to customers"\nselect 1';
    const { up } = await migrationRisks(migration(text, 'select 1'), RESTRICTED);
    expect(up[0]?.reason).toBe('declared irreversible: sent to customers');
  });

  test('is not wanted of a repeatable migration', async () => {
    expect((await migrationRisks(migration('select 1', undefined, 'repeatable'), RESTRICTED)).up).toEqual([]);
  });

  test('has risks of its own', async () => {
    const { up, down } = await migrationRisks(
      migration('create table t (a int)', '\n\ndrop table t'),
      RESTRICTED,
    );
    expect(up).toEqual([]);
    expect(down).toEqual([{ risk: 'destructive', reason: 'drop takes table of t', line: 3 }]);
  });
});
