import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readSchema } from '../../src/catalog/index.js';
import { withSession } from '../../src/database/index.js';
import { diffSql } from '../../src/ddl/index.js';
import { loadParser } from '../../src/sql/index.js';
import { createTestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { dumpSchema, noPrograms } from '../support/postgres-programs.js';
import { applyChange, remaining } from './applied.js';
import { comparableDump, withoutSecrets } from './dump.js';

const EVERYTHING = readFileSync(join(import.meta.dirname, '../catalog/schemas/everything.sql'), 'utf8');

beforeAll(loadParser);

describeOnEveryServer('one of everything', ({ major, url }) => {
  test('is rebuilt from its own model, and taken away again', { timeout: 60_000 }, async () => {
    const original = await createTestDatabase({ serverUrl: await url() });
    const rebuilt = await createTestDatabase({ serverUrl: await url() });
    const wanted = await withSession(original.database, async (session) => {
      await session.run(EVERYTHING);
      return await readSchema(session);
    });
    await withSession(rebuilt.database, async (session) => {
      const empty = await readSchema(session);
      const found = await applyChange(session, empty, wanted, { exact: true });
      expect(remaining(found, wanted, { exact: true })).toEqual([]);
      expect(diffSql(found, wanted, { exact: true }).statements).toEqual([]);
      if (major === 15 && noPrograms === undefined) {
        expect(await dumpOf(rebuilt.url)).toBe(await dumpOf(original.url));
      }
      const nothing = await applyChange(session, found, empty, { exact: true });
      expect(remaining(nothing, empty, { exact: true })).toEqual([]);
    });
    await original.drop();
    await rebuilt.drop();
  });
});

async function dumpOf(url: string): Promise<string> {
  // The tags of an event trigger are a set; the model has them sorted.
  return withoutSecrets(comparableDump(await dumpSchema(url))).replace(
    "'DROP TABLE', 'CREATE TABLE'",
    "'CREATE TABLE', 'DROP TABLE'",
  );
}
