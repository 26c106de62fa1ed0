/** What `fillTables` promises beside filling: the same rows for the same seed, rows of before kept, all writes told. */
import { afterAll, describe, expect, test } from 'vitest';
import { openDatabase, type Session, withSession } from '../../../src/database/index.js';
import type { FillOptions } from '../../../src/prove/data/fill-options.js';
import { fillTables } from '../../../src/prove/data/fill-tables.js';
import { captureRows } from '../../../src/prove/fingerprint/capture-rows.js';
import { diffRows } from '../../../src/prove/fingerprint/diff-rows.js';
import { readDataFingerprint } from '../../../src/prove/fingerprint/read-data-fingerprint.js';
import { foundationDatabase } from '../../docs/foundation.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const SHOP = `
  create table customers (id bigserial primary key, name text not null, email text unique, note text, born date);
  create table orders (
    id bigint generated always as identity primary key,
    customer_id bigint not null references customers on delete cascade,
    total numeric(10, 2) not null check (total >= 0),
    comment text
  );
  create table log (line text, at timestamptz);
`;

const made: TestDatabase[] = [];
afterAll(async () => {
  await Promise.all(made.map((place) => place.drop()));
});

async function onDatabase<T>(
  sql: string,
  work: (session: Session, place: TestDatabase) => Promise<T>,
): Promise<T> {
  const place = await createTestDatabase();
  made.push(place);
  return await withSession(place.database, async (session) => {
    await session.run(sql);
    return await work(session, place);
  });
}

describe('fillTables', () => {
  test('gives the same rows for the same seed, and others for another', async () => {
    const hashes = async (options: FillOptions): Promise<unknown> =>
      await onDatabase(SHOP, async (session) => {
        await fillTables(session, options);
        return await readDataFingerprint(session);
      });
    expect(await hashes({ seed: 7 })).toEqual(await hashes({ seed: 7 }));
    expect(await hashes({ seed: 7 })).not.toEqual(await hashes({ seed: 8 }));
  });

  test('makes one row with nothing that may be null and one with everything, and rare values', async () => {
    await onDatabase(SHOP, async (session) => {
      await fillTables(session, { rowsPerTable: 60 });
      const [found] = await session.query(`
        select count(*) filter (where email is null and note is null and born is null) > 0 as bare,
          count(*) filter (where num_nonnulls(email, note, born) = 3) > 0 as full,
          bool_or(note = '') and bool_or(note like '%🚀') and bool_or(born = 'infinity') as rare
        from customers`);
      expect(found).toEqual({ bare: true, full: true, rare: true });
    });
  });

  test('keeps the rows that are there and adds others', async () => {
    await onDatabase(SHOP, async (session) => {
      await session.run("insert into customers (name, email) values ('Ada', 'ada@example.com')");
      await fillTables(session);
      const before = await captureRows(session);
      const report = await fillTables(session, { seed: 2 });
      const diff = diffRows(before, await captureRows(session));
      expect(diff.isLossless).toBe(true);
      expect(diff.tables.map(({ name, rowsAdded }) => [name, rowsAdded])).toEqual(
        report.tables.map(({ name, inserted }) => [name, inserted.length]),
      );
      expect(report.tables.every(({ inserted, existing }) => inserted.length === 6 && existing >= 6)).toBe(
        true,
      );
    });
  });

  test('gives values to columns that have none yet, changes rows and deletes some, and tells which', async () => {
    await onDatabase(SHOP, async (session) => {
      await fillTables(session, { rowsPerTable: 8 });
      await session.run(
        "alter table customers add phone text check (phone ~ '^[0-9]{5}$'), add parent bigint references customers",
      );
      const before = await captureRows(session);
      const report = await fillTables(session, { seed: 2, touchRows: () => 12 });
      const rows = await session.query(
        'select count(phone) as phones, count(parent) as parents from customers where id <= 8',
      );
      expect(Number(rows[0]!.phones)).toBeGreaterThan(2);
      expect(Number(rows[0]!.parents)).toBeGreaterThan(2);
      const changes = diffRows(before, await captureRows(session)).tables;
      for (const { name, inserted, updated, deleted } of report.tables.filter(
        (table) => table.name !== 'log',
      )) {
        const change = changes.find((each) => each.name === name)!;
        expect([name, change.rowsAdded, change.rowsLost]).toEqual([name, inserted.length, deleted.length]);
        expect(change.cellsChanged > 0, name).toBe(true);
        expect(updated.length, name).toBeGreaterThan(0);
      }
      const customers = report.tables.find(({ name }) => name === 'customers')!;
      expect(customers.updated.flatMap(({ columns }) => columns)).toEqual(
        expect.arrayContaining(['phone', 'parent', 'name']),
      );
      expect(report.tables.find(({ name }) => name === 'orders')!.deleted).toHaveLength(1);
      expect([report.rowsUpdated > 5, report.rowsDeleted > 0]).toEqual([true, true]);
    });
  });

  test('fills only the tables it is told to, with references to what is there', async () => {
    await onDatabase(SHOP, async (session) => {
      await fillTables(session, { includes: ({ name }) => name === 'customers' });
      const report = await fillTables(session, { includes: ({ name }) => name === 'orders' });
      expect(report.tables.map(({ name, inserted }) => [name, inserted.length])).toEqual([['orders', 6]]);
    });
  });

  test('says which policy stops a role that policies bind', async () => {
    const sql = `${SHOP}
      alter table log enable row level security;
      create policy nobody on log using (false);
      drop role if exists fill_guest;
      create role fill_guest login password 'guest';
      grant all on all tables in schema public to fill_guest;
      grant all on all sequences in schema public to fill_guest`;
    await onDatabase(sql, async (session, place) => {
      const guest = openDatabase(place.url.replace(/\/\/[^@]*@/, '//fill_guest:guest@'));
      const report = await withSession(guest, (as) => fillTables(as));
      expect(report.unfilled.map(({ name, obstacle }) => [name, obstacle.kind])).toEqual([['log', 'policy']]);
      expect(report.tables.map(({ name }) => name)).toEqual(['customers', 'orders']);
      await session.run('drop owned by fill_guest; drop role fill_guest');
    });
  });

  test('fills every table of the foundation, once its partitions are made', async () => {
    const place = await foundationDatabase();
    made.push(place);
    await withSession(place.database, async (session) => {
      const bare = await fillTables(session);
      expect(bare.unfilled.map(({ name, obstacle }) => [name, obstacle.kind])).toEqual([
        ['usage_events', 'partition'],
        ['audit_events', 'partition'],
      ]);
      await session.run(`
        select analytics.ensure_usage_event_partitions('2026-11-01', '2026-11-03');
        select platform.ensure_audit_event_partitions('2026-11-01', '2027-01-01')`);
      const whole = await fillTables(session, { seed: 2 });
      expect(whole.unfilled).toEqual([]);
      expect(whole.tables.length).toBeGreaterThan(20);
    });
  });
});
