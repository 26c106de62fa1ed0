/**
 * The migrations of public projects, run whole: all up, down as far as there is a way, up again; and each down by
 * itself. What their own scripts cannot do is listed with the server's reason.
 */
import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Database, openDatabase, withSession } from '../../src/database/index.js';
import { readFolder } from '../../src/migrate/folder/read-folder.js';
import { apply, rollback } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { applyWithPsql, type Corpus, corpusFolder, runnableCopy, schemaOf, walk } from './corpora.js';
import { CORPORA } from './corpora-list.js';

const root = process.env.PLINTH_CORPORA;
const hasPsql = spawnSync('psql', ['--version']).status === 0;

for (const corpus of CORPORA) {
  const folder = root === undefined ? undefined : corpusFolder(root, corpus);
  const missing =
    root === undefined
      ? 'PLINTH_CORPORA names no folder'
      : folder === undefined
        ? `there is no ${corpus.name} below PLINTH_CORPORA`
        : undefined;
  describe.skipIf(missing !== undefined)(
    `The migrations of ${corpus.name}${missing === undefined ? '' : ` (skipped: ${missing})`}`,
    () => suite(corpus, folder!),
  );
}

function suite(corpus: Corpus, folder: string): void {
  const role = `corpus_${corpus.name}`;
  const made: TestDatabase[] = [];
  let copy: ReturnType<typeof runnableCopy>;

  /** Some of the migrations change settings of their role: each project has one of its own. */
  async function makeDatabase(): Promise<{ readonly database: Database; readonly url: string }> {
    const test = await createTestDatabase();
    made.push(test);
    const url = test.url.replace(/\/\/[^@]*@/, `//${role}:corpus@`);
    return { database: openDatabase(url), url };
  }

  beforeAll(async () => {
    copy = runnableCopy(folder, corpus);
    await onServer(`create role ${role} superuser login password 'corpus'`);
  });
  afterEach(async () => {
    await Promise.all(made.splice(0).map((each) => each.drop()));
  });
  afterAll(async () => {
    copy.drop();
    await onServer(`drop role ${role}`);
  });

  test('are read, all of them, in their format', () => {
    const { format, migrations } = readFolder({ path: copy.path });
    expect({
      format,
      migrations: migrations.length,
      downs: migrations.filter(({ down }) => down !== undefined).length,
    }).toEqual({ format: corpus.format, migrations: corpus.migrations, downs: corpus.downs });
  });

  test('hold nothing else that cannot be run than the files left out', async () => {
    for (const [file, reason] of Object.entries(corpus.without ?? {})) {
      const { database } = await makeDatabase();
      const version = /^\d+/.exec(file)![0];
      await expect(
        apply({ database, target: 'main', folder: { path: folder }, to: version }),
      ).rejects.toMatchObject({
        code: 'MIGRATE_STATEMENT_FAILED',
        message: expect.stringContaining(reason),
        source: { file: expect.stringContaining(file) },
      });
    }
  }, 180_000);

  test.skipIf(!hasPsql)(
    `make the schema that psql makes of them${hasPsql ? '' : ' (skipped: there is no psql)'}`,
    async () => {
      const [ours, plain] = [await makeDatabase(), await makeDatabase()];
      await apply({ database: ours.database, target: 'main', folder: { path: copy.path } });
      applyWithPsql(plain.url, readFolder({ path: copy.path }), copy.path);
      expect(await schemaOf(ours.database)).toBe(await schemaOf(plain.database));
    },
    180_000,
  );

  test('go down as far as there is a way', async () => {
    const { database } = await makeDatabase();
    const options = { database, target: 'main', folder: { path: copy.path } };
    const applied = await apply(options);
    const { migrations } = readFolder({ path: copy.path });
    const steps = migrations.length - 1 - migrations.findLastIndex(({ down }) => down === undefined);
    if (steps > 0) {
      const failure = await rollback({ ...options, steps }).catch((error: Error) => error);
      expect(failure instanceof Error ? failure.message : undefined).toEqual(corpus.rollbackStops);
    }
    const again = await apply(options).catch(() => undefined);
    expect(applied.migrations).toHaveLength(corpus.migrations);
    expect(again?.migrations.length).toBe(corpus.appliedAgain);
  }, 180_000);

  test('go up, down and up again, one by one, but for those whose scripts cannot', async () => {
    const options = { target: 'main', folder: { path: copy.path } };
    const found = await walk(
      readFolder({ path: copy.path }),
      options,
      async () => (await makeDatabase()).database,
    );
    expect(found).toEqual({ brokenDowns: corpus.brokenDowns, brokenSecondUps: corpus.brokenSecondUps });
  }, 600_000);
}

async function onServer(sql: string): Promise<void> {
  await withSession(openDatabase(inject('serverUrl')), (session) => session.run(sql));
}
