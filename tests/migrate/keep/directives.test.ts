/** What a script says about kept data, and what is refused rather than lost. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../../src/database/index.js';
import { apply, rollback } from '../../../src/migrate/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { migrationFolders } from '../migration-folder.js';
import { resetDatabase } from './kept-case.js';

const folderOf = migrationFolders();

describe('what a script says about kept data', () => {
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
  const kept = async (): Promise<string[]> => {
    const rows = await session.query<{ line: string }>(
      `select concat_ws(' ', kind, relation_name, rows, state, reason) as line from plinth.kept order by id`,
    );
    return rows.map(({ line }) => line);
  };

  it('keep=off in the head keeps nothing, and the reason is written down', async () => {
    await apply(optionsFor('-- plinth: keep=off reason="moved by hand"\ndelete from items;'));
    expect(await kept()).toEqual(['declared delete 0 kept moved by hand']);
  });

  it('keep=off before a statement holds for that one', async () => {
    await apply(
      optionsFor(
        'update items set name = upper(name);\n-- plinth: keep=off reason="staging rows"\ndelete from items where id = 1;',
      ),
    );
    expect(await kept()).toEqual(['rows items 2 kept', 'declared delete 0 kept staging rows']);
  });

  it('keep=off without a reason is refused before anything runs', async () => {
    await expect(apply(optionsFor('-- plinth: keep=off\ndelete from items;'))).rejects.toMatchObject({
      code: 'MIGRATE_SCRIPT_INVALID',
      message: expect.stringContaining('keep=off needs a reason'),
    });
    expect(await session.query('select from items')).toHaveLength(2);
  });

  it('a keep line keeps the column before the next statement', async () => {
    await apply(optionsFor("-- plinth: keep items.name\ndo $$ begin update items set name = 'z'; end $$;"));
    expect(await kept()).toEqual(['rows items 2 kept']);
    await rollback(optionsFor(''));
    expect(await session.query('select name from items order by id')).toEqual([{ name: 'a' }, { name: 'b' }]);
  });

  it('a keep line that names no table is refused', async () => {
    await expect(apply(optionsFor('-- plinth: keep nothing.here\nselect 1;'))).rejects.toMatchObject({
      code: 'MIGRATE_SCRIPT_INVALID',
    });
  });

  it('an insert whose trigger changes another table is noticed, and what it changed comes back', async () => {
    await session.run(`create table totals (n integer); insert into totals values (2);
      create function tally() returns trigger language plpgsql as $$ begin update totals set n = n + 1; return new; end $$;
      create trigger tally after insert on items for each row execute function tally();`);
    const options = optionsFor(
      "insert into items values (3, 'c', 'z');",
      'alter table items disable trigger tally; delete from items where id = 3; alter table items enable trigger tally;',
    );
    await apply(options);
    expect(await session.query('select n from totals')).toEqual([{ n: 3 }]);
    expect(await kept()).toEqual(['rows totals 1 kept']);
    await rollback(options);
    expect(await session.query('select n from totals')).toEqual([{ n: 2 }]);
  });

  it('the same in a script that deletes elsewhere', async () => {
    await session.run(`create table totals (id integer primary key, n integer); insert into totals values (1, 2);
      create function tally() returns trigger language plpgsql as $$ begin update totals set n = n + 1; return new; end $$;
      create trigger tally after insert on items for each row execute function tally();`);
    await apply(optionsFor("update items set tag = null; insert into items values (3, 'c', 'z');"));
    expect((await kept()).sort()).toEqual(['rows items 2 kept', 'rows totals 1 kept']);
  });

  it('a procedure that commits and deletes is refused, with what to write', async () => {
    await session.run(`create procedure clear() language plpgsql as $$ begin
      delete from items where id = 1; commit; delete from items; commit; end $$`);
    await expect(apply(optionsFor('call clear();'))).rejects.toMatchObject({
      code: 'MIGRATE_DATA_NOT_KEPT',
      hint: expect.stringContaining('-- plinth: keep=off reason="…"'),
    });
    expect(await session.query('select from items')).toHaveLength(2);
    await apply(optionsFor('-- plinth: keep=off reason="old rows"\ncall clear();'));
    expect(await session.query('select from items')).toHaveLength(0);
  });

  it('rows of a foreign table are refused', async () => {
    await session.run(`create extension postgres_fdw; create server elsewhere foreign data wrapper postgres_fdw;
      create foreign table far (id integer) server elsewhere;`);
    await expect(apply(optionsFor('delete from far;'))).rejects.toMatchObject({
      code: 'MIGRATE_DATA_NOT_KEPT',
      message: expect.stringContaining('public.far'),
    });
  });

  it.each([
    ['update wide set c1 = 2;', 'captured'],
    ['do $$ begin update wide set c1 = 2; end $$;', 'found out'],
  ])('a table with more columns than there is room for is refused: %s, %s', async (up) => {
    const columns = (count: number): string =>
      Array.from({ length: count }, (_, index) => `c${index} boolean`)
        .join(', ')
        .replace('c1 boolean', 'c1 integer');
    await session.run(
      `create table wide (id integer primary key, ${columns(900)}); insert into wide (id, c1) values (1, 1)`,
    );
    await expect(apply(optionsFor(up))).rejects.toMatchObject({
      code: 'MIGRATE_DATA_NOT_KEPT',
      message: expect.stringContaining(
        'public.wide that cannot be kept: it has 901 columns, and of 794 at most',
      ),
    });
    await session.run(
      `drop table wide; create table wide (id integer primary key, ${columns(793)}); insert into wide (id, c1) values (1, 1)`,
    );
    await apply(optionsFor(up));
    await rollback(optionsFor(up));
    expect(await session.query('select c1 from wide')).toEqual([{ c1: 1 }]);
  });

  it.each([
    'select lo_unlink(16999);',
    "do $$ begin perform lo_put(16999, 0, 'x'); end $$;",
    'insert into items values (3); -- a trigger behind it',
  ])('large objects that are written or removed are refused: %s', async (up) => {
    await session.run(`
      create function drop_it() returns trigger language plpgsql as $$ begin perform lo_unlink(16999); return new; end $$;
      create trigger drop_it after insert on items for each row execute function drop_it();
      select lo_from_bytea(16999, 'abc')`);
    try {
      await expect(apply(optionsFor(up))).rejects.toMatchObject({
        code: 'MIGRATE_DATA_NOT_KEPT',
        message: expect.stringContaining('destroys data of large objects that cannot be kept'),
        hint: expect.stringContaining('keep=off'),
      });
      expect(await session.query('select lo_get(16999)::text as it')).toEqual([{ it: '\\x616263' }]);
      await apply(optionsFor(`-- plinth: keep=off reason="old files"\n${up}`));
    } finally {
      await session.run('select lo_unlink(oid) from pg_largeobject_metadata');
    }
  });

  it('large objects that a script makes are fine', async () => {
    await apply(optionsFor("select lo_from_bytea(16999, 'abc');"));
    await session.run('select lo_unlink(16999)');
  });

  it('only the owner can read it', async () => {
    await apply(optionsFor('drop table items;'));
    const [rights] = await session.query<{ usage: boolean; acl: unknown }>(
      `select has_schema_privilege('public', 'plinth_kept', 'usage') as usage,
              (select relacl from pg_class where relname = 'k1') as acl`,
    );
    expect(rights).toEqual({ usage: false, acl: null });
  });

  it('a script that fails keeps nothing', async () => {
    await expect(apply(optionsFor('drop table items; select 1/0;'))).rejects.toMatchObject({
      code: 'MIGRATE_STATEMENT_FAILED',
    });
    expect(await session.query('select from items')).toHaveLength(2);
    expect(await kept()).toEqual([]);
  });

  it('what the server refuses to drop is refused with its own words, at its own place', async () => {
    await session.run('create view v as select id from items');
    await expect(apply(optionsFor('select 1;\ndrop table items;'))).rejects.toMatchObject({
      code: 'MIGRATE_STATEMENT_FAILED',
      message: expect.stringContaining('cannot drop table items because other objects depend on it'),
      details: { statement: 2, sqlstate: '2BP01' },
    });
  });

  it('the notices of a cascade are the server’s own, once', async () => {
    await session.run('create view v as select id from items');
    const report = await apply(optionsFor('drop table items cascade;'));
    expect(report.migrations[0]!.notices).toEqual(['NOTICE: drop cascades to view v']);
  });
});
