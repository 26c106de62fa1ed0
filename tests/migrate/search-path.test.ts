import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDatabase, withSession } from '../../src/database/index.js';
import { apply, rollback } from '../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** The connection string of the test database for a superuser of that name, made if it is not there. */
async function asRole({ database, url }: TestDatabase, role: string): Promise<string> {
  await withSession(database, (session) =>
    session.run(`do $$
      begin
        create role ${role} superuser login password 'for-tests';
      exception
        when duplicate_object then null;
      end $$`),
  );
  const own = new URL(url);
  own.username = role;
  own.password = 'for-tests';
  return own.toString();
}

describe('A role that is called as the schema of the ledger is', () => {
  test('has its tables made where they would be without a ledger, in transactions and outside', async () => {
    const made = await createTestDatabase();
    const { drop } = made;
    const database = openDatabase(await asRole(made, 'plinth'));
    const folder = join(import.meta.dirname, 'cases/pairs/golang-migrate/input');
    const options = { database, target: 'main', folder: { path: folder } };
    try {
      await apply(options);
      const found = await withSession(database, async (session) => {
        expect(session.server.user).toBe('plinth');
        return session.query(
          `select relname as name, relnamespace::regnamespace::text as schema
             from pg_catalog.pg_class
            where relname in ('accounts', 'accounts_balance_idx')
            order by relname`,
        );
      });
      expect(found).toEqual([
        { name: 'accounts', schema: 'public' },
        { name: 'accounts_balance_idx', schema: 'public' },
      ]);
      await rollback({ ...options, to: '0' });
    } finally {
      await drop();
    }
  });
});
