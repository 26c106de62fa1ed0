/** Nothing is lost on rollback: every trap, on every server. */
import { afterAll, beforeAll, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { describeOnEveryServer } from '../../support/every-server.js';
import { migrationFolders } from '../migration-folder.js';
import { BLOCK_CASES } from './block-cases.js';
import { DROP_CASES } from './cases.js';
import { HIDDEN_CASES } from './hidden-cases.js';
import { runKeptCase } from './kept-case.js';
import { OWN_CASES } from './own-cases.js';
import { ROW_CASES } from './row-cases.js';

const folderOf = migrationFolders();

describeOnEveryServer('kept data', ({ major, url }) => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase({ serverUrl: await url() });
  });

  afterAll(async () => {
    await test?.drop();
  });

  for (const kept of [...DROP_CASES, ...ROW_CASES, ...OWN_CASES, ...HIDDEN_CASES, ...BLOCK_CASES].filter(
    ({ since }) => (since ?? 0) <= major,
  )) {
    it(kept.name, { timeout: 30_000 }, () => runKeptCase(test.database, folderOf, kept));
  }
});
