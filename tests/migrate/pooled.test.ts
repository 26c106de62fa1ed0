/** Runs behind a proxy that pools transactions, where no server process belongs to a client. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase, withSession } from '../../src/database/index.js';
import { apply, type MigrateOptions, rollback, status } from '../../src/migrate/index.js';
import { compileProgram } from '../support/compiled-program.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { POOLING_PROXY_MISSING, type PoolingProxy, startPoolingProxy } from '../support/pooling-proxy.js';
import { databaseState, ledgerState } from './database-state.js';
import { type MigrationFiles, migrationFolders } from './migration-folder.js';

const title = 'behind a proxy that pools transactions';
const folderOf = migrationFolders();

const FILES: MigrationFiles = {
  '1_a.up.sql': `create table trail (step text); create table items (id integer, note text);
    insert into items select n, 'note' from generate_series(1, 100) as n;`,
  '1_a.down.sql': 'drop table items; drop table trail;',
  '2_b.up.sql': `insert into trail values ('2a');
    create index concurrently items_idx on items (id); insert into trail values ('2b');`,
  '2_b.down.sql': 'drop index concurrently items_idx; delete from trail;',
  '3_c.up.sql': "copy trail from stdin;\n3\n\\.\nvacuum items;\ninsert into trail values ('3b');",
  '3_c.down.sql': "delete from trail where step like '3%';",
};

describe.skipIf(POOLING_PROXY_MISSING)(
  POOLING_PROXY_MISSING ? `${title} (skipped: ${POOLING_PROXY_MISSING})` : title,
  () => {
    const migrator = compileProgram('tests/migrate/programs/migrator.ts');
    let test: TestDatabase;
    let proxy: PoolingProxy;
    let pooled: Database;

    beforeAll(async () => {
      test = await createTestDatabase();
      proxy = await startPoolingProxy(test.url, 6);
      pooled = openDatabase(proxy.url);
    });

    afterAll(async () => {
      await proxy?.stop();
      await test?.drop();
    });

    /** Tests that wait for a lease to run out do so side by side, each on a target and with tables of its own. */
    function optionsFor(target: string, files: MigrationFiles): MigrateOptions {
      return { database: pooled, target, folder: { path: folderOf(files) } };
    }

    it('a connection is known not to be direct', async () => {
      await withSession(pooled, async (session) => expect(session.isDirect).toBe(false));
      await withSession(test.database, async (session) => expect(session.isDirect).toBe(true));
    });

    it('apply, rollback and reapply do what they do without it', async () => {
      const options = optionsFor('main', FILES);
      const cycle = async (through: MigrateOptions): Promise<string> => {
        await apply(through);
        await rollback({ ...through, to: '0' });
        expect((await status(through)).counts).toMatchObject({ applied: 0, pending: 3 });
        await withSession(test.database, (session) => session.run('delete from plinth.run_events'));
        await apply(through);
        const state = await stateOf(test.database);
        await rollback({ ...through, to: '0' });
        return state;
      };
      const wanted = await cycle({ ...options, database: test.database });
      expect(await cycle(options)).toBe(wanted);
    });

    it('what a script sets for its session does not reach other clients', async () => {
      const single = await startPoolingProxy(test.url, 1);
      try {
        await apply({
          ...optionsFor('settings', {
            '1_a.up.sql':
              "set search_path = pg_catalog; set role pg_monitor; reset role; select set_config('plinth.hidden', 'x', false); create table public.set_here ();",
          }),
          database: openDatabase(single.url),
        });
        await withSession(openDatabase(single.url), async (session) => {
          expect(
            await session.query(
              "select current_setting('search_path') as path, coalesce(current_setting('plinth.hidden', true), '') as hidden",
            ),
          ).toEqual([{ path: '"$user", public', hidden: '' }]);
        });
      } finally {
        await single.stop();
      }
    });

    it('a statement whose settings cannot reach it is refused, and nothing is run', async () => {
      const options = optionsFor('refused', {
        '1_a.up.sql': `set search_path = pg_catalog; create table public.refused (id integer);
          create index concurrently refused_idx on public.refused (id);`,
      });
      await expect(apply(options)).rejects.toMatchObject({ code: 'MIGRATE_DIRECT_NEEDED' });
      await withSession(test.database, async (session) =>
        expect(await session.query("select to_regclass('refused') as found")).toEqual([{ found: null }]),
      );
    });

    it('of several runs at once each migration is applied by exactly one', { timeout: 90_000 }, async () => {
      const raced = await createTestDatabase();
      const racedProxy = await startPoolingProxy(raced.url, 4);
      try {
        const folder = { path: folderOf(FILES) };
        const told = { url: racedProxy.url, direction: 'up', target: 'main', folder };
        const outputs = [1, 2, 3, 4].map(
          (n) => migrator([JSON.stringify({ ...told, client: `client ${n}` })]).output,
        );
        const outcomes = (await Promise.all(outputs)).map(
          (output) => JSON.parse(output.trim().split('\n').at(-1)!) as { migrations: string[] },
        );
        expect(outcomes.flatMap(({ migrations }) => migrations).sort()).toEqual(['1', '2', '3']);
      } finally {
        await racedProxy.stop();
        await raced.drop();
      }
    });

    describe.concurrent('a client that is killed', () => {
      it.each([
        [
          'in a transaction',
          "create table %_a (step text); insert into %_a values ('1'); select pg_sleep(3);",
        ],
        [
          'in an index build',
          'create table %_a (step text); create table %_b (); create index concurrently %_idx on %_a (step); alter table %_b add column c integer;',
        ],
      ])(
        '%s is followed by the next run once its lease has run out',
        { timeout: 60_000 },
        async (place, sql) => {
          const name = place.replaceAll(' ', '_');
          const files = { '1_a.up.sql': sql.replaceAll('%', name) };
          const options = optionsFor(place, files);
          const told = { url: proxy.url, direction: 'up', target: place, folder: options.folder };
          const isBuild = place.includes('index');
          const child = migrator([
            JSON.stringify({ ...told, ...(isBuild ? { killAt: { call: 17, phase: 'after' } } : {}) }),
          ]);
          if (!isBuild) {
            await untilRunning(test.database, 'pg_sleep(3)');
            child.process.kill('SIGKILL');
          }
          await child.output;
          await apply(options);
          const { counts, lockedBy } = await status(options);
          expect(counts).toMatchObject({ applied: 1, pending: 0, interrupted: 0 });
          expect(lockedBy).toBeUndefined();
        },
      );

      it('is not taken for one whose statement lasts: its lease is renewed', {
        timeout: 60_000,
      }, async () => {
        const options = optionsFor('long', {
          '1_a.up.sql':
            'create procedure long_work() language plpgsql as $$ begin commit; perform pg_sleep(7); end $$; call long_work();',
        });
        const startedMs = performance.now();
        const run = apply(options);
        await sleep(6500);
        const [lock] = await withSession(test.database, (session) =>
          session.query<{ ends_in: number }>(
            "select extract(epoch from expires_at - since)::float8 as ends_in from plinth.locks where target = 'long'",
          ),
        );
        await run;
        expect(lock!.ends_in).toBeGreaterThan(17);
        expect(performance.now() - startedMs).toBeGreaterThan(7000);
      });
    });
  },
);

async function stateOf(database: Database): Promise<string> {
  return withSession(database, async (session) =>
    [...(await databaseState(session)), ...(await ledgerState(session))].join('\n'),
  );
}

async function untilRunning(database: Database, text: string): Promise<void> {
  await withSession(database, async (session) => {
    for (;;) {
      const rows = await session.query(
        `select from pg_stat_activity
          where state = 'active' and position($1 in query) > 0 and pid <> pg_backend_pid()`,
        [text],
      );
      if (rows.length > 0) {
        return;
      }
      await sleep(20);
    }
  });
}
