import { expect, test } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { createTestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';

test('a test database is a copy of its template and disappears when it is dropped', async () => {
  const template = await createTestDatabase();
  await withSession(template.database, (session) => session.run('create table plants (id int)'));
  const copy = await createTestDatabase({ template: template.name });
  await withSession(copy.database, async (session) => {
    expect(await session.query('select * from plants')).toEqual([]);
  });
  await copy.drop();
  await expect(copy.database.connect()).rejects.toMatchObject({ code: 'DATABASE_NOT_FOUND' });
  await template.drop();
});

describeOnEveryServer('a test database', ({ major, url }) => {
  test('is on a server of that version, in UTF-8 and UTC', async () => {
    const { database, drop } = await createTestDatabase({ serverUrl: await url() });
    await withSession(database, async (session) => {
      expect(Math.floor(session.server.versionNumber / 10_000)).toBe(major);
      const [settings] = await session.query(
        `select current_setting('server_encoding') as encoding, current_setting('timezone') as zone`,
      );
      expect(settings).toEqual({ encoding: 'UTF8', zone: 'UTC' });
    });
    await drop();
  });
});
