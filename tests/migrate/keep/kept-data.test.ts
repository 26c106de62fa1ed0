/** Kept data as a person handles it: listed, shown, put somewhere, purged; and its outcome in reports and the log. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/database/index.js';
import {
  apply,
  listKept,
  purgeKept,
  restoreKeptEntry,
  rollback,
  showKept,
} from '../../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { migrationFolders } from '../migration-folder.js';
import { resetDatabase } from './kept-case.js';

const folderOf = migrationFolders();

describe('kept data', () => {
  let test: TestDatabase;
  let session: Session;

  beforeAll(async () => {
    test = await createTestDatabase();
    session = await test.database.connect();
  });

  beforeEach(async () => {
    await resetDatabase(session);
    await session.run(`create table items (id integer primary key, name text, tag text);
      insert into items values (1, 'a', 'x'), (2, 'b', 'y');`);
  });

  afterAll(async () => {
    await session?.close();
    await test?.drop();
  });

  const optionsFor = (up: string, down = 'select 1;') => ({
    database: test.database,
    target: 'main',
    folder: { path: folderOf({ '1_it.up.sql': up, '1_it.down.sql': down }) },
  });

  it('is listed with its size and its age limit', async () => {
    const options = {
      ...optionsFor('alter table items drop column name; delete from items where id = 2;'),
      keptDays: 7,
    };
    await apply(options);
    const { entries, bytes, expired } = await listKept(options);
    expect(entries).toMatchObject([
      {
        id: 1,
        version: '1',
        direction: 'up',
        statement: 1,
        kind: 'column',
        relation: 'public.items',
        columns: ['name'],
        rows: 1,
      },
      // The name of the row that goes afterwards lies with the row.
      {
        id: 2,
        statement: 2,
        kind: 'rows',
        rows: 1,
        columns: expect.arrayContaining(['name', 'tag']),
        state: 'kept',
        isExpired: false,
      },
    ]);
    expect(bytes).toBeGreaterThan(0);
    expect(expired).toBe(0);
    const days = (entries[0]!.expiresAt.getTime() - entries[0]!.keptAt.getTime()) / 86_400_000;
    expect(days).toBeCloseTo(7, 1);
  });

  it('is empty where nothing was ever migrated', async () => {
    expect(await listKept(optionsFor(''))).toMatchObject({ entries: [], bytes: 0 });
  });

  it('shows its rows: the key, the old value and the new', async () => {
    const options = optionsFor("update items set name = 'z' where id = 1;");
    await apply(options);
    expect(await showKept({ ...options, id: 1 })).toMatchObject({
      columns: ['gone', 'key id', 'old id', 'new id', 'old name', 'new name', 'old tag', 'new tag'],
      rows: [['false', '1', null, null, 'a', 'z', null, null]],
    });
    await expect(showKept({ ...options, id: 99 })).rejects.toMatchObject({ code: 'MIGRATE_KEPT_UNKNOWN' });
  });

  it('is put back by hand once there is a place for it', async () => {
    const options = optionsFor(
      'drop table items;',
      'create table items (id integer primary key check (id <> 2), name text, tag text);',
    );
    await apply(options);
    const report = await rollback(options);
    expect(report.migrations[0]).toMatchObject({ restored: [{ placed: 1, unplaced: 1 }] });
    await session.run('alter table items drop constraint items_id_check');
    expect(await restoreKeptEntry({ ...options, id: 1 })).toMatchObject({ placed: 1, unplaced: 0 });
    expect(await session.query('select id from items order by id')).toEqual([{ id: 1 }, { id: 2 }]);
    expect((await listKept(options)).entries).toEqual([]);
  });

  it('is copied into another table and stays kept', async () => {
    const options = optionsFor('alter table items drop column name;');
    await apply(options);
    await restoreKeptEntry({ ...options, id: 1, into: 'public.old_names' });
    expect(await session.query('select * from old_names order by 1')).toEqual([
      { 'key id': 1, 'old name': 'a' },
      { 'key id': 2, 'old name': 'b' },
    ]);
    expect((await listKept(options)).entries).toHaveLength(1);
  });

  it('is purged when it has expired, when it is named, or all of it', async () => {
    const options = optionsFor(
      'drop table items; create table other (id integer); alter table other drop column id;',
    );
    await apply(options);
    expect((await purgeKept(options)).entries).toEqual([]);
    await session.run("update plinth.kept set expires_at = clock_timestamp() - interval '1 s'");
    expect((await purgeKept(options)).entries).toMatchObject([{ id: 1 }]);
    expect(
      await session.query("select from pg_class where relnamespace = 'plinth_kept'::regnamespace"),
    ).toEqual([]);
    await expect(purgeKept({ ...options, ids: [1] })).rejects.toMatchObject({ code: 'MIGRATE_KEPT_UNKNOWN' });
    expect((await listKept({ ...options, all: true })).entries).toMatchObject([{ state: 'purged' }]);
  });

  it('is told by the outcome of a run and by the ledger’s log', async () => {
    const options = optionsFor(
      'drop table items;',
      'create table items (id integer primary key, name text, tag text);',
    );
    const applied = await apply(options);
    expect(applied.migrations[0]).toMatchObject({
      kept: [{ id: 1, kind: 'table', schema: 'public', name: 'items', rows: 2 }],
    });
    const undone = await rollback(options);
    expect(undone.migrations[0]).toMatchObject({ restored: [{ id: 1, placed: 2, unplaced: 0 }] });
    const events = await session.query(
      "select event, details -> 'items' -> 0 ->> 'rows' as rows, details -> 'items' -> 0 ->> 'placed' as placed from plinth.run_events where event in ('kept', 'restored') order by id",
    );
    expect(events).toEqual([
      { event: 'kept', rows: '2', placed: null },
      { event: 'restored', rows: null, placed: '2' },
    ]);
  });

  it('is put back by one pass over the table, with a key or without', async () => {
    await session.run(`insert into items select n, 'n', 't' from generate_series(3, 20000) as n;
      create table log (at integer, line text);
      insert into log select n, 'line ' || n from generate_series(1, 10000) as n;`);
    const options = optionsFor('update items set name = upper(name); delete from log where at % 2 = 0;');
    await apply(options);
    const report = await rollback(options);
    expect(report.migrations[0]?.restored).toMatchObject([
      { name: 'log', placed: 5000, unplaced: 0 },
      { name: 'items', placed: 20000, unplaced: 0 },
    ]);
  });

  it('a ledger of the format before is brought up to date', async () => {
    const options = optionsFor('select 1;');
    await apply(options);
    await session.run(
      "drop table plinth.kept; update plinth.format set version = 1; alter table plinth.run_events drop constraint run_events_event_check; alter table plinth.run_events add constraint run_events_event_check check (event in ('applied', 'rolled-back', 'failed', 'baselined', 'adopted', 'repaired', 'resumed'))",
    );
    await rollback(options);
    await apply(optionsFor('drop table items;'));
    expect((await listKept(options)).entries).toHaveLength(1);
  });
});
