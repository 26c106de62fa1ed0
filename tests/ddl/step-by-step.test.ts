/** The histories of public projects, migration by migration: the SQL between before and after does what the migration does. */
import { beforeAll, describe, expect, test } from 'vitest';
import { readSchema } from '../../src/catalog/index.js';
import { withSession } from '../../src/database/index.js';
import { readFolder } from '../../src/migrate/folder/read-folder.js';
import type { MigrationFolder } from '../../src/migrate/migration.js';
import type { SchemaModel } from '../../src/schema/index.js';
import { loadParser } from '../../src/sql/index.js';
import { applyWithPsql, corpusFolder, runnableCopy } from '../migrate/corpora.js';
import { CORPORA } from '../migrate/corpora-list.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { noPrograms } from '../support/postgres-programs.js';
import { applyChange, remaining } from './applied.js';

const root = process.env.PLINTH_CORPORA;
const PROJECTS = (process.env.PLINTH_PROJECTS ?? 'openmeter,river,svix').split(',');

beforeAll(loadParser);

for (const corpus of CORPORA.filter(({ name }) => PROJECTS.includes(name))) {
  const found = root === undefined ? undefined : corpusFolder(root, corpus);
  const reason =
    noPrograms ?? (found === undefined ? `there is no ${corpus.name} below PLINTH_CORPORA` : undefined);
  const title = `the migrations of ${corpus.name}${reason === undefined ? '' : ` (skipped: ${reason})`}`;
  describe.skipIf(reason !== undefined)(title, () => {
    test('are each made, and taken back, by the SQL between what is before and after', {
      timeout: 1_800_000,
    }, async () => {
      const copy = runnableCopy(found!, corpus);
      const folder = readFolder({ path: copy.path });
      const original = await createTestDatabase();
      try {
        expect(folder.migrations).toHaveLength(corpus.migrations);
        expect(await failuresOf(folder, original, copy.path)).toEqual([]);
      } finally {
        await original.drop();
        copy.drop();
      }
    });
  });
}

async function failuresOf(folder: MigrationFolder, original: TestDatabase, path: string): Promise<string[]> {
  const failures: string[] = [];
  let before = await modelOf(original);
  for (const migration of folder.migrations) {
    const copy = await createTestDatabase({ template: original.name });
    applyWithPsql(original.url, { ...folder, migrations: [migration] }, path);
    const after = await modelOf(original);
    try {
      await expectThereAndBack(copy, before, after);
    } catch (error) {
      failures.push(`${migration.version}: ${error instanceof Error ? error.message : error}`);
    }
    await copy.drop();
    before = after;
  }
  return failures;
}

function modelOf({ database }: TestDatabase): Promise<SchemaModel> {
  return withSession(database, (session) => readSchema(session));
}

async function expectThereAndBack(
  { database }: TestDatabase,
  before: SchemaModel,
  after: SchemaModel,
): Promise<void> {
  await withSession(database, async (session) => {
    const there = await applyChange(session, before, after);
    expect(remaining(there, after), 'there').toEqual([]);
    const back = await applyChange(session, there, before);
    expect(remaining(back, before), 'back').toEqual([]);
  });
}
