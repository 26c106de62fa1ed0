import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { readSchema } from '../../src/catalog/index.js';
import { withSession } from '../../src/database/index.js';
import { loadParser } from '../../src/sql/index.js';
import { createTestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { expectRebuilt } from './rebuilt.js';

beforeAll(loadParser);

describeOnEveryServer('the foundation', ({ major, url }) => {
  test('is rebuilt from its own model', { timeout: 120_000 }, async () => {
    const serverUrl = await url();
    const original = await createTestDatabase({ serverUrl });
    await withSession(original.database, async (session) => {
      for (const folder of ['db/migrations/operational', 'db/migrations/analytics']) {
        const ups = readdirSync(folder).filter((file) => file.endsWith('.up.sql'));
        for (const file of ups.sort()) {
          await session.run(readFileSync(`${folder}/${file}`, 'utf8'));
        }
      }
      expect((await readSchema(session)).tables.length).toBeGreaterThan(10);
    });
    await expectRebuilt({ original, serverUrl, major });
    await original.drop();
  });
});
