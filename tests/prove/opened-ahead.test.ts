import { afterAll, beforeAll, expect, it } from 'vitest';
import { openedAhead } from '../../src/prove/interrupt/opened-ahead.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(async () => {
  await test.drop();
});

it('gives each run a session of its own, and ends the one that nobody took', async () => {
  let opened = 0;
  const counted = {
    ...test.database,
    connect: (options?: Parameters<typeof test.database.connect>[0]) => {
      opened += 1;
      return test.database.connect(options);
    },
  };
  const ahead = openedAhead(counted, 3);
  const first = await ahead.database.connect();
  const watch = await ahead.database.connect({ applicationName: 'watch' });
  const second = await ahead.database.connect();
  expect(new Set([first, watch, second].map(({ server }) => server.processId)).size).toBe(3);
  expect(opened).toBe(4);
  await Promise.all([first.close(), watch.close(), second.close(), ahead.close()]);
  const looking = await test.database.connect();
  const others = () =>
    looking.query(
      'select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
  await expect.poll(others).toEqual([]);
  await looking.close();
});
