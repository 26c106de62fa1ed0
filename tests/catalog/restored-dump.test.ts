import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diff, fingerprint, readSchema } from '../../src/catalog/index.js';
import { withSession } from '../../src/database/index.js';
import { createTestDatabase, serverUrl } from '../support/database.js';
import { dumpSchema, noPrograms, runScript } from '../support/postgres-programs.js';

const EVERYTHING = readFileSync(join(import.meta.dirname, 'schemas/everything.sql'), 'utf8');
const title = noPrograms === undefined ? '' : ` (skipped: ${noPrograms})`;

test.skipIf(noPrograms !== undefined)(
  `one of everything has the same fingerprint when pg_dump has dumped it and psql restored it${title}`,
  async () => {
    const original = await createTestDatabase({ serverUrl: await serverUrl(15) });
    const restored = await createTestDatabase({ serverUrl: await serverUrl(15) });
    const before = await withSession(original.database, async (session) => {
      await session.run(EVERYTHING);
      return await readSchema(session);
    });
    await runScript(restored.url, await dumpSchema(original.url));
    const after = await withSession(restored.database, (session) => readSchema(session));
    expect(diff(before, after, { exact: true })).toMatchObject({ isEmpty: true });
    expect(fingerprint(after, { exact: true })).toBe(fingerprint(before, { exact: true }));
    await original.drop();
    await restored.drop();
  },
);
