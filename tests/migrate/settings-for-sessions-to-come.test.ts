import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { apply } from '../../src/migrate/index.js';
import { createTestDatabase } from '../support/database.js';

test('What a migration sets for sessions to come holds for the next migration of the same run', async () => {
  const { database, name, drop } = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'plinth-test-settings-'));
  try {
    writeFileSync(
      join(folder, '1_home.up.sql'),
      `create schema home;
       alter database ${name} set search_path = home, public;
       alter database ${name} set plinth_test.greeting = 'a, b=c';
       set search_path = home;
       set work_mem = '7MB';`,
    );
    writeFileSync(
      join(folder, '2_things.up.sql'),
      `create table things (setting text default current_setting('plinth_test.greeting'), work_mem text default current_setting('work_mem'));
       insert into things default values;`,
    );
    await apply({ database, target: 'main', folder: { path: folder } });
    const rows = await withSession(database, (session) =>
      session.query<{ setting: string; work_mem: string }>('select setting, work_mem from home.things'),
    );
    expect(rows).toMatchObject([{ setting: 'a, b=c' }]);
    expect(rows[0]!.work_mem).not.toBe('7MB');
  } finally {
    await drop();
    rmSync(folder, { recursive: true });
  }
});
