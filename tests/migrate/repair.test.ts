import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import {
  apply,
  type MigrateOptions,
  type RepairedProblem,
  repair,
  rollback,
  showMigration,
  status,
} from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

describe('A repair', () => {
  let database: TestDatabase;
  let folder: string;
  let options: MigrateOptions;
  beforeEach(async () => {
    database = await createTestDatabase();
    folder = mkdtempSync(join(tmpdir(), 'plinth-test-repair-'));
    write('1_accounts', 'create table accounts (id bigint);\n', 'drop table accounts;\n');
    write('2_people', 'create table people (id bigint);\n', 'drop table people;\n');
    options = { database: database.database, target: 'main', folder: { path: folder, displayPath: 'db' } };
  });
  afterEach(async () => {
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  function write(stem: string, up: string, down: string): void {
    writeFileSync(join(folder, `${stem}.up.sql`), up);
    writeFileSync(join(folder, `${stem}.down.sql`), down);
  }

  async function states(): Promise<Record<string, string>> {
    const { migrations } = await status(options);
    return Object.fromEntries(migrations.map(({ version, state }) => [version, state]));
  }

  test('finds nothing to do where folder and ledger agree', async () => {
    await apply(options);
    expect(await repair(options)).toEqual({ target: 'main', problems: [], runId: undefined });
  });

  test('says what it would do about a changed file, and changes nothing unless told', async () => {
    await apply(options);
    write('2_people', 'create table people (id bigint, name text);\n', 'drop table people;\n');
    const { problems, runId } = await repair({ ...options, accept: ['2'] });
    expect(problems).toMatchObject([
      {
        kind: 'changed',
        version: '2',
        message: 'db/2_people.up.sql was changed after it was applied',
        diff: '- create table people (id bigint);\n+ create table people (id bigint, name text);\n  ',
        chosen: true,
        repaired: false,
      },
    ]);
    expect(runId).toBeUndefined();
    await expect(apply(options)).rejects.toMatchObject({ code: 'MIGRATE_CHANGED' });
  });

  test('takes the changed file of a named version, and of no other', async () => {
    await apply(options);
    write('1_accounts', 'create table accounts (id bigint, owner text);\n', 'drop table accounts;\n');
    write('2_people', 'create table people (id bigint, name text);\n', 'drop table people cascade;\n');
    const { problems } = await repair({ ...options, accept: ['2'], execute: true });
    expect(problems.map(({ version, repaired }) => [version, repaired])).toEqual([
      ['1', false],
      ['2', true],
    ]);
    expect(await states()).toEqual({ 1: 'edited', 2: 'applied' });
    const shown = await showMigration(options, '2');
    expect(shown).toMatchObject({
      up: 'create table people (id bigint, name text);\n',
      down: 'drop table people cascade;\n',
      state: 'applied',
    });
    expect(await events(database)).toContainEqual({ event: 'repaired', version: '2' });
  });

  test('calls a changed comment what it is', async () => {
    await apply(options);
    write('2_people', '-- People.\ncreate table people (id bigint);\n', 'drop table people;\n');
    const { problems } = await repair(options);
    expect(problems).toMatchObject([{ kind: 'layout', version: '2', chosen: false }]);
  });

  test('removes the row of a missing file only when it is named', async () => {
    await apply(options);
    rmSync(join(folder, '2_people.up.sql'));
    rmSync(join(folder, '2_people.down.sql'));
    const { problems } = await repair({ ...options, execute: true });
    expect(problems).toMatchObject([{ kind: 'missing', version: '2', repaired: false }]);
    expect((await showMigration(options, '2')).down).toBe('drop table people;\n');
    await run(database, 'drop table people');
    await repair({ ...options, forget: ['2'], execute: true });
    expect(await states()).toEqual({ 1: 'applied' });
  });

  test('refuses a version that has no such problem', async () => {
    await apply(options);
    await expect(repair({ ...options, accept: ['1'] })).rejects.toMatchObject({
      code: 'MIGRATE_NOT_REPAIRABLE',
      message: 'Cannot accept 1: it has no changed file',
    });
    await expect(repair({ ...options, done: ['1'] })).rejects.toMatchObject({
      code: 'MIGRATE_NOT_REPAIRABLE',
    });
  });

  describe('of a half-done migration', () => {
    beforeEach(async () => {
      write(
        '3_index',
        'insert into accounts values (1), (1);\ncreate unique index concurrently accounts_idx on accounts (id);\nanalyze accounts;\n',
        'drop index concurrently if exists accounts_idx;\ndelete from accounts;\n',
      );
      await expect(apply(options)).rejects.toMatchObject({ code: 'MIGRATE_STATEMENT_FAILED' });
    });

    test('names the statement that stopped it', async () => {
      const [problem] = (await repair(options)).problems as RepairedProblem[];
      expect(problem).toMatchObject({
        kind: 'interrupted',
        version: '3',
        message: '3_index is half-done on its way up: 1 of 3 statements are done',
        step: {
          doneAfter: 2,
          of: 3,
          statements: [{ number: 2, text: 'create unique index concurrently accounts_idx on accounts (id)' }],
        },
      });
    });

    test('takes that statement as done when a person says so, and the next run goes on after it', async () => {
      await repair({ ...options, done: ['3'], execute: true });
      const report = await apply(options);
      expect(report.migrations).toMatchObject([{ version: '3', resumed: true }]);
      expect(report.migrations[0]!.statements.map(({ tag }) => tag)).toEqual(['ANALYZE']);
      expect(await states()).toEqual({ 1: 'applied', 2: 'applied', 3: 'applied' });
    });

    test('records it as applied once its last step is taken as done, and it can be rolled back', async () => {
      await repair({ ...options, done: ['3'], execute: true });
      await repair({ ...options, done: ['3'], execute: true });
      expect((await states())[3]).toBe('applied');
      await rollback(options);
      expect((await states())[3]).toBe('pending');
    });
  });
});

describe('Showing a migration', () => {
  test('is refused for a version that is not applied', async () => {
    const database = await createTestDatabase();
    try {
      const options = { database: database.database, target: 'main' };
      await expect(showMigration(options, '7')).rejects.toMatchObject({ code: 'MIGRATE_VERSION_UNKNOWN' });
    } finally {
      await database.drop();
    }
  });
});

async function run({ database }: TestDatabase, sql: string): Promise<void> {
  await withSession(database, (session) => session.run(sql));
}

function events({ database }: TestDatabase): Promise<readonly object[]> {
  return withSession(database, (session) =>
    session.query('select event, version from plinth.run_events order by id'),
  );
}
