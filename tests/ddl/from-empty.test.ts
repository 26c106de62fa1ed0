import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { loadParser } from '../../src/sql/index.js';
import { createTestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';
import { expectRebuilt } from './rebuilt.js';

const EVERYTHING = readFileSync(join(import.meta.dirname, '../catalog/schemas/everything.sql'), 'utf8');

beforeAll(loadParser);

describeOnEveryServer('one of everything', ({ major, url }) => {
  test('is rebuilt from its own model, and taken away again', { timeout: 60_000 }, async () => {
    const serverUrl = await url();
    const original = await createTestDatabase({ serverUrl });
    await withSession(original.database, (session) => session.run(EVERYTHING));
    await expectRebuilt({ original, serverUrl, major });
    await original.drop();
  });
});
