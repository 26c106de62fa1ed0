import { afterAll, beforeAll, expect, it } from 'vitest';
import { interruptingDatabase } from '../../src/prove/interrupt/interrupting-database.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(async () => {
  await test.drop();
});

const SCRIPT = [{ number: 1, sql: 'create table t ()', tag: 'CREATE TABLE', alone: false }];

it('a statement that a failing message did not reach is cut off when it is sent once more', async () => {
  const { database, ended } = interruptingDatabase(test.database, SCRIPT, 1);
  const session = await database.connect();
  await expect(session.run('select 1 / 0\n;\ncreate table t ()\n;\nselect 1')).rejects.toThrow(/division/);
  expect(ended()).toBeUndefined();
  await (await database.connect()).close();
  await expect(session.run('create table t ()\n;\nselect 1')).rejects.toThrow();
  expect(ended()).toBe(session.server.processId);
  await expect(database.connect()).rejects.toThrow('connects no more');
});
