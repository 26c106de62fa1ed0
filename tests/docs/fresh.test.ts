import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import { open } from '../../src/project/index.js';
import type { TestDatabase } from '../support/database.js';
import { foundationDatabase } from './foundation.js';

let foundation: TestDatabase;

beforeAll(async () => {
  foundation = await foundationDatabase();
});
afterAll(() => foundation.drop());

test('the committed documents of the foundation are what a fresh database gives: else `plinth docs build`', async () => {
  const plinth = await open({ cwd: PACKAGE_ROOT, url: foundation.url, environment: {} });
  const { documents, stale } = await plinth.docs.check();
  expect(documents).toBeGreaterThan(10);
  expect(stale).toEqual([]);
});
