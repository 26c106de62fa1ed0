/** A database and another one rebuilt from what `diffSql` writes of it. */
import { expect } from 'vitest';
import { readSchema } from '../../src/catalog/index.js';
import { withSession } from '../../src/database/index.js';
import { diffSql } from '../../src/ddl/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { dumpSchema, noPrograms } from '../support/postgres-programs.js';
import { applyChange, remaining } from './applied.js';
import { comparableDump, withoutSecrets } from './dump.js';

export interface Rebuilding {
  readonly original: TestDatabase;
  readonly serverUrl: string;
  readonly major: number;
}

/** Holds a schema to the laws: rebuilt from nothing it is the same, the rest is empty, and the way back leads to nothing. */
export async function expectRebuilt({ original, serverUrl, major }: Rebuilding): Promise<void> {
  const rebuilt = await createTestDatabase({ serverUrl });
  try {
    const wanted = await withSession(original.database, (session) => readSchema(session));
    await withSession(rebuilt.database, async (session) => {
      const empty = await readSchema(session);
      const found = await applyChange(session, empty, wanted, { exact: true });
      expect(remaining(found, wanted, { exact: true })).toEqual([]);
      expect(diffSql(found, wanted, { exact: true }).statements).toEqual([]);
      if (major === DUMPED_MAJOR && noPrograms === undefined) {
        expect(await dumpOf(rebuilt.url)).toBe(await dumpOf(original.url));
      }
      const nothing = await applyChange(session, found, empty, { exact: true });
      expect(remaining(nothing, empty, { exact: true })).toEqual([]);
    });
  } finally {
    await rebuilt.drop();
  }
}

/** The version that the pg_dump of these machines can read. */
const DUMPED_MAJOR = 15;

async function dumpOf(url: string): Promise<string> {
  // The tags of an event trigger are a set; the model has them sorted.
  const dump = withoutSecrets(comparableDump(await dumpSchema(url)));
  return dump.replace(
    /WHEN TAG IN \((.*)\)/g,
    (_, tags: string) => `WHEN TAG IN (${tags.split(', ').sort().join(', ')})`,
  );
}
