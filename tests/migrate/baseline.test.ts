import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apply, baseline, type MigrateOptions, rollback, status } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const FOLDER = join(import.meta.dirname, 'cases/pairs/golang-migrate/input');

describe('A baseline', () => {
  let database: TestDatabase;
  let options: MigrateOptions;
  beforeEach(async () => {
    database = await createTestDatabase();
    options = { database: database.database, target: 'main', folder: { path: FOLDER } };
  });
  afterEach(() => database.drop());

  test('counts every version up to its own as applied, and leaves the rest to apply', async () => {
    await run(database, 'create table accounts (id bigint primary key, balance bigint not null default 0)');
    const report = await baseline({ ...options, version: '9' });
    expect(report).toMatchObject({ version: '9', covered: ['1', '9'], pending: ['10'] });
    expect((await status(options)).migrations.map(({ state }) => state)).toEqual([
      'baseline',
      'baseline',
      'pending',
    ]);
    const applied = await apply(options);
    expect(applied.migrations.map(({ version }) => version)).toEqual(['10']);
  });

  test('is not rolled back, and what came after it is', async () => {
    await run(database, 'create table accounts (id bigint primary key, balance bigint not null default 0)');
    await baseline({ ...options, version: '9' });
    await apply(options);
    const report = await rollback({ ...options, to: '9' });
    expect(report.migrations.map(({ version }) => version)).toEqual(['10']);
    await expect(rollback(options)).rejects.toMatchObject({ code: 'MIGRATE_NOTHING_TO_ROLL_BACK' });
  });

  test('may name a version that the folder has no file of', async () => {
    const report = await baseline({ ...options, version: '11' });
    expect(report).toMatchObject({ covered: ['1', '9', '10'], pending: [] });
  });

  test('is refused where migrations are recorded already, and says what to do', async () => {
    await apply({ ...options, to: '1' });
    await expect(baseline({ ...options, version: '9' })).rejects.toMatchObject({
      code: 'MIGRATE_ALREADY_RECORDED',
      message: "Cannot take 9 as the baseline of 'main': a migration is recorded already, the newest is 1",
      hint: expect.stringContaining('plinth status'),
    });
  });

  test('is refused for what is no version', async () => {
    await expect(baseline({ ...options, version: 'latest' })).rejects.toMatchObject({
      code: 'MIGRATE_VERSION_UNKNOWN',
    });
  });
});

async function run({ database }: TestDatabase, sql: string): Promise<void> {
  const session = await database.connect();
  await session.run(sql).finally(() => session.close());
}
