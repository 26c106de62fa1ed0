/** An index that is built concurrently shows how far it is. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ProgressEvent } from '../../src/core/index.js';
import { withSession } from '../../src/database/index.js';
import { apply } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { migrationFolders } from './migration-folder.js';

const folderOf = migrationFolders();
let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
  // Sixty pages of rows, each of which takes its time to be indexed.
  await withSession(test.database, (session) =>
    session.run(`
      create table slow (id integer, filler text);
      alter table slow alter column filler set storage plain;
      insert into slow select n, repeat('x', 3000) from generate_series(1, 120) as n;
      create function slowly(integer) returns integer language plpgsql immutable as
        'begin perform pg_sleep(0.02); return $1; end';`),
  );
});

afterAll(() => test.drop());

it('by its phase, with the blocks that are done out of all', async () => {
  const told: ProgressEvent[] = [];
  await apply({
    database: test.database,
    target: 'main',
    folder: { path: folderOf({ '1_index.up.sql': 'create index concurrently on slow (slowly(id));' }) },
    onProgress: (progress) => told.push(progress),
  });
  const steps = told.filter(({ task }) => task.startsWith('1_index: building index: scanning table'));
  expect(steps.length).toBeGreaterThan(1);
  for (const { done, total, unit } of steps) {
    expect(total).toBe(60);
    expect(done).toBeGreaterThanOrEqual(0);
    expect(done).toBeLessThanOrEqual(60);
    expect(unit).toBe('blocks');
  }
  const last = steps.at(-1)!;
  expect(last.done).toBeGreaterThan(steps[0]!.done!);
});
