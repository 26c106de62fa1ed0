/** What a person is told when the server refuses something: the file, the line and the column of the right word. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lineColumnAt, PlinthError } from '../../src/core/index.js';
import { apply, rollback } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type MigrationFiles, migrationFolders } from './migration-folder.js';

const folderOf = migrationFolders();
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(() => test.drop());

/** The error of an apply. Each test has a target of its own. */
async function failureOf(files: MigrationFiles): Promise<PlinthError> {
  const folder = { path: folderOf(files), displayPath: 'migrations' };
  const target = expect.getState().currentTestName!;
  const failure = await apply({ database: test.database, target, folder }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(PlinthError);
  return failure as PlinthError;
}

/** `file:line:column word` of the place that an error names. */
function placeOf({ source }: PlinthError): string {
  if (!source) {
    return 'no place';
  }
  const { line, column } = lineColumnAt(source.text, source.start);
  return `${source.file}:${line}:${column} ${source.text.slice(source.start, source.end)}`;
}

describe('the place of a failure', () => {
  it('is the word that the server does not understand', async () => {
    const failure = await failureOf({ '1_a.up.sql': 'create table a (\n  id integer nott null\n);\n' });
    expect(failure.code).toBe('MIGRATE_STATEMENT_FAILED');
    expect(failure.message).toBe('Cannot run 1_a: syntax error at or near "nott" (SQLSTATE 42601)');
    expect(placeOf(failure)).toBe('migrations/1_a.up.sql:2:14 nott');
  });

  it('is the missing table in the third statement of five', async () => {
    const failure = await failureOf({
      '1_a.up.sql': `-- First a comment;
create table b (id integer);
insert into b values (1); insert into nowhere values (2); -- the third
insert into b values (3);
drop table b;
`,
    });
    expect(placeOf(failure)).toBe('migrations/1_a.up.sql:3:39 nowhere');
    expect(failure.details).toMatchObject({ statement: 3, sqlstate: '42P01' });
  });

  it('is the statement, where the server tells no position', async () => {
    const failure = await failureOf({
      '1_a.up.sql': `create table c (id integer constraint c_pkey primary key);
insert into c values (1);

  insert into c
    values (1);
insert into c values (2);
`,
    });
    expect(placeOf(failure)).toBe('migrations/1_a.up.sql:4:3 insert into c');
    expect(failure.message).toBe(
      'Cannot run 1_a: duplicate key value violates unique constraint "c_pkey" (SQLSTATE 23505)',
    );
  });

  it('is the statement that called the function which failed', async () => {
    const failure = await failureOf({
      '1_a.up.sql': `create function fails() returns integer language plpgsql as $$
begin
  return missing_column from pg_class;
end
$$;
select 1;
select fails();
`,
    });
    expect(placeOf(failure)).toBe('migrations/1_a.up.sql:7:1 select fails()');
  });

  it('is right behind characters of more than one byte, and of two code units', async () => {
    const failure = await failureOf({
      '1_a.up.sql': `-- Größe, 大きさ, 🐘🐘\nselect 'é🐘', '名前', fehlt from pg_class;\n`,
    });
    expect(placeOf(failure)).toBe('migrations/1_a.up.sql:2:20 fehlt');
  });

  it('is right in a file with Windows line endings', async () => {
    const failure = await failureOf({
      '1_a.up.sql': '-- one\r\nselect 1;\r\n\r\nselect\r\n  missing\r\nfrom pg_class;\r\n',
    });
    expect(placeOf(failure)).toBe('migrations/1_a.up.sql:5:3 missing');
  });

  it('is right in a statement outside any transaction', async () => {
    const failure = await failureOf({
      '1_a.up.sql': 'create table d (id integer);\ncreate index concurrently d_idx on d (missing);\n',
    });
    expect(placeOf(failure)).toBe('migrations/1_a.up.sql:2:1 create index concurrently d_idx on d (missing)');
    expect(failure.message).toContain('column "missing" does not exist');
  });

  it('is right where the server tells no position for a statement outside any transaction', async () => {
    const failure = await failureOf({
      '1_a.up.sql': 'select 1;\nvacuum nowhere_at_all;\n',
    });
    expect(placeOf(failure)).toBe('migrations/1_a.up.sql:2:1 vacuum nowhere_at_all');
  });

  it('is the row of the data that COPY refuses', async () => {
    const failure = await failureOf({
      '1_a.up.sql': 'create table e (id integer);\ncopy e from stdin;\n1\n2\nthree\n4\n\\.\nselect 1;\n',
    });
    expect(placeOf(failure)).toBe('migrations/1_a.up.sql:5:1 three');
  });

  it('is the file, where the commit is refused by a deferred constraint', async () => {
    const failure = await failureOf({
      '1_a.up.sql': `create table f (id integer constraint f_pkey primary key,
  parent integer constraint f_parent_fkey references f deferrable initially deferred);
insert into f values (1, 2);
`,
    });
    expect(failure.code).toBe('MIGRATE_STATEMENT_FAILED');
    expect(failure.message).toBe(
      'Cannot commit 1_a: insert or update on table "f" violates foreign key constraint "f_parent_fkey" (SQLSTATE 23503)',
    );
    expect(failure.details).toMatchObject({ file: 'migrations/1_a.up.sql' });
  });

  it('is the file of the down script, on the way down', async () => {
    const files = { '1_a.up.sql': 'select 1;', '1_a.down.sql': 'select 1;\n\ndrop table  not_there;\n' };
    const options = {
      database: test.database,
      target: 'down',
      folder: { path: folderOf(files), displayPath: 'migrations' },
    };
    await apply(options);
    const failure = await rollback(options).catch((error: unknown) => error);
    expect(placeOf(failure as PlinthError)).toBe('migrations/1_a.down.sql:3:1 drop table  not_there');
  });

  it('holds no value of a row', async () => {
    const failure = await failureOf({
      '1_a.up.sql': `create table people (email text constraint people_pkey primary key);
insert into people values ('ada@example.org');
insert into people values ('ada@example.org');
`,
    });
    expect(JSON.stringify([failure.message, failure.hint, failure.details])).not.toContain('ada@');
  });
});

describe('a script that no server can run', () => {
  it.each([
    ['\\connect other', 'a command for psql'],
    ["select 'open;", 'never closed'],
    ['begin; create table never_kept (id integer); rollback;', 'ends a transaction with rollback'],
    ["begin; create table g (id integer); prepare transaction 'x';", 'two-phase commit'],
    ['begin; create table g (id integer);', 'never commits'],
  ])('is refused before anything is run: %s', async (sql, reason) => {
    const failure = await failureOf({ '1_a.up.sql': `create table half_done (id integer);\n${sql}\n` });
    expect(failure.code).toBe('MIGRATE_SCRIPT_INVALID');
    expect(failure.message).toContain(reason);
    expect(placeOf(failure)).toMatch(/^migrations\/1_a.up.sql:2:/);
  });
});
