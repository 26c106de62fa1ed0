/** Several runs at once on one target, each a process of its own. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withSession } from '../../src/database/index.js';
import { apply, status } from '../../src/migrate/index.js';
import { compileProgram, type RunningProgram } from '../support/compiled-program.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type MigrationFiles, migrationFolders } from './migration-folder.js';

const migrator = compileProgram('tests/migrate/programs/migrator.ts');
const folderOf = migrationFolders();
let test: TestDatabase;
let running: RunningProgram[] = [];

beforeEach(async () => {
  test = await createTestDatabase();
});

afterEach(async () => {
  for (const { process } of running) {
    process.kill('SIGKILL');
  }
  running = [];
  await test.drop();
});

const SEVERAL: MigrationFiles = {
  '1_a.up.sql': 'create table trail (step text); create table items (id integer); select pg_sleep(0.2);',
  '2_b.up.sql': "create index concurrently items_idx on items (id); insert into trail values ('2');",
  '3_c.up.sql': "insert into trail values ('3'); select pg_sleep(0.2);",
  '4_d.up.sql': "drop index concurrently items_idx; insert into trail values ('4');",
  '5_e.up.sql': "create index concurrently items_again_idx on items (id); insert into trail values ('5');",
};

interface Outcome {
  readonly migrations?: readonly string[];
  readonly waiting?: string;
  readonly code?: string;
  readonly message?: string;
}

function start(folder: string, client: string, more: object = {}): RunningProgram {
  const options = {
    url: test.url,
    direction: 'up',
    target: 'main',
    folder: { path: folder },
    client,
    ...more,
  };
  const program = migrator([JSON.stringify(options)]);
  running.push(program);
  return program;
}

async function outcomesOf({ output }: RunningProgram): Promise<readonly Outcome[]> {
  return (await output)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Outcome);
}

async function trail(): Promise<string> {
  const rows = await withSession(test.database, (session) =>
    session.query<{ step: string }>('select step from trail order by step'),
  );
  return rows.map(({ step }) => step).join(' ');
}

describe('runs that race', () => {
  it.each([2, 8])(
    '%i at once: each migration is applied by exactly one',
    { timeout: 60_000 },
    async (count) => {
      const folder = folderOf(SEVERAL);
      const programs = Array.from({ length: count }, (_, n) => start(folder, `client ${n}`));
      const outcomes = (await Promise.all(programs.map(outcomesOf))).map((lines) => lines.at(-1)!);
      expect(outcomes.flatMap(({ code }) => code ?? [])).toEqual([]);
      expect(outcomes.flatMap(({ migrations }) => migrations ?? []).sort()).toEqual([
        '1',
        '2',
        '3',
        '4',
        '5',
      ]);
      expect(await trail()).toBe('2 3 4 5');
      const events = await withSession(test.database, (session) =>
        session.query("select version from plinth.run_events where event = 'applied' order by version"),
      );
      expect(events).toHaveLength(5);
    },
  );

  it('one is killed in the middle, and another goes on where it stopped', { timeout: 60_000 }, async () => {
    const folder = folderOf(SEVERAL);
    const killed = start(folder, 'the killed one', { killAt: { call: 22, phase: 'after' } });
    const others = [1, 2, 3].map((n) => start(folder, `client ${n}`));
    const outcomes = await Promise.all(others.map(outcomesOf));
    await killed.output;
    expect(outcomes.flatMap((lines) => lines.at(-1)!.code ?? [])).toEqual([]);
    expect(await trail()).toBe('2 3 4 5');
    expect((await status({ ...optionsOf(folder) })).counts).toMatchObject({ applied: 5, interrupted: 0 });
  });
});

describe('a run that finds the lock taken', () => {
  it('waits by polling, says for whom, and gives up at its time-out', { timeout: 60_000 }, async () => {
    const gate = await test.database.connect();
    await gate.run('select pg_advisory_lock(4711)');
    const folder = folderOf({
      '1_a.up.sql':
        'do $$ begin while not pg_try_advisory_xact_lock(4711) loop perform pg_sleep(0.05); end loop; end $$;',
    });
    const holder = start(folder, 'ada@build-7');
    await untilLocked(folder);
    const waiter = start(folder, 'grace@build-8', { limits: { applyLockTimeoutMs: 500 } });
    const [waiting, refused] = await outcomesOf(waiter);
    expect(waiting!.waiting).toContain('waiting for ada@build-7');
    expect(refused).toMatchObject({ code: 'MIGRATE_LOCKED' });
    expect(refused!.message).toContain('ada@build-7 holds the lock since');
    await gate.close();
    expect((await outcomesOf(holder)).at(-1)).toEqual({ migrations: ['1'] });
  });

  it('holds no snapshot while it waits, which would hold up an index build', {
    timeout: 60_000,
  }, async () => {
    const folder = folderOf(SEVERAL);
    await apply({ ...optionsOf(folder), to: '1' });
    const startedMs = performance.now();
    const programs = [1, 2, 3, 4].map((n) => start(folder, `client ${n}`));
    await Promise.all(programs.map(outcomesOf));
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    expect(await trail()).toBe('2 3 4 5');
  });
});

describe('a holder that is stopped', () => {
  it('keeps the lock while its server process lives, and loses it with it', { timeout: 60_000 }, async () => {
    const folder = folderOf({
      '1_a.up.sql': 'create table trail (step text);',
      '2_b.up.sql': "select pg_sleep(1); insert into trail values ('2');",
      '3_c.up.sql': "insert into trail values ('3');",
    });
    const holder = start(folder, 'frozen');
    await untilSleeping();
    holder.process.kill('SIGSTOP');
    await sleep(1500);
    const early = start(folder, 'early', { limits: { applyLockTimeoutMs: 500 } });
    expect((await outcomesOf(early)).at(-1)).toMatchObject({ code: 'MIGRATE_LOCKED' });
    const { lockedBy } = await status(optionsOf(folder));
    await withSession(test.database, (session) =>
      session.query('select pg_terminate_backend($1, 5000)', [lockedBy!.processId]),
    );
    const heir = start(folder, 'heir');
    expect((await outcomesOf(heir)).at(-1)).toEqual({ migrations: ['3'] });
    holder.process.kill('SIGCONT');
    expect(['MIGRATE_LOCK_LOST', 'DATABASE_CONNECTION_LOST']).toContain(
      (await outcomesOf(holder)).at(-1)!.code,
    );
    expect(await trail()).toBe('2 3');
  });

  it('writes nothing more once its lease was taken over', { timeout: 60_000 }, async () => {
    const folder = folderOf({
      '1_a.up.sql': 'create table trail (step text); select pg_sleep(1);',
      '2_b.up.sql': "insert into trail values ('2');",
    });
    const holder = start(folder, 'robbed');
    await untilSleeping();
    await withSession(test.database, async (session) => {
      // What a take-over writes; the row is free only once the holder's transaction has ended.
      await session.query('update plinth.locks set owner = gen_random_uuid(), client = $1', ['robber']);
    });
    expect((await outcomesOf(holder)).at(-1)).toMatchObject({ code: 'MIGRATE_LOCK_LOST' });
    expect(await trail()).toBe('');
  });

  it('is nobody to wait for in a copy of its database', { timeout: 60_000 }, async () => {
    const folder = folderOf({ '1_a.up.sql': 'create table trail (step text);', '2_b.up.sql': 'select 1;' });
    await apply({ ...optionsOf(folder), to: '1' });
    const holder = await test.database.connect();
    await holder.query(
      `update plinth.locks
          set owner = gen_random_uuid(), client = 'somebody', direct = true, process_id = pg_backend_pid(),
              database_user = current_user, since = now(), expires_at = now() + interval '1 hour',
              backend_start = (select backend_start from pg_stat_activity where pid = pg_backend_pid())`,
    );
    expect((await status(optionsOf(folder))).lockedBy).toMatchObject({ client: 'somebody' });
    await holder.run(
      'update plinth.locks set process_id = (select max(pid) from pg_stat_activity where datname is null), backend_start = null',
    );
    expect((await status(optionsOf(folder))).lockedBy).toBeUndefined();
    await holder.close();
  });
});

function optionsOf(folder: string) {
  return { database: test.database, target: 'main', folder: { path: folder } };
}

async function untilLocked(folder: string): Promise<void> {
  while (!(await status(optionsOf(folder))).lockedBy) {
    await sleep(20);
  }
}

async function untilSleeping(): Promise<void> {
  await withSession(test.database, async (session) => {
    for (;;) {
      const rows = await session.query(
        "select from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'",
      );
      if (rows.length > 0) {
        return;
      }
      await sleep(20);
    }
  });
}
