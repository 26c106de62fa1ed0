import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import {
  embeddedStatus,
  embeddedUrl,
  ensureDatabase,
  openDatabase,
  startEmbedded,
  stopEmbedded,
  withSession,
} from '../../src/database/index.js';
import { compileProgram } from '../support/compiled-program.js';
import { temporaryProjects } from '../support/projects.js';

const newProject = temporaryProjects();
const program = compileProgram('tests/database/programs/embedded.ts');

/** Most tests lose nothing when the machine crashes. */
const fast = { durable: false } as const;

const stateDir = (project: string): string => join(project, '.plinth/postgres-18');
const serverPid = (dataDir: string): number =>
  Number(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);

async function execute(url: string, sql: string): Promise<void> {
  await withSession(openDatabase(url), (session) => session.run(sql));
}

async function rowsOf(url: string, sql: string): Promise<object[]> {
  return await withSession(openDatabase(url), (session) => session.query(sql));
}

describe('starting', () => {
  test('the first call makes the cluster and starts it, the second one attaches', async () => {
    const projectDir = newProject();
    expect(await embeddedStatus({ projectDir })).toEqual({ kind: 'absent' });
    const first = await startEmbedded({ projectDir, ...fast });
    const second = await startEmbedded({ projectDir, ...fast });
    expect(first.startedHere).toBe(true);
    expect(second).toMatchObject({ startedHere: false, url: first.url, port: first.port });
    expect(await embeddedUrl({ projectDir })).toBe(first.url);
    expect(await embeddedStatus({ projectDir })).toMatchObject({ kind: 'running', version: first.version });
  });

  test('the server listens on the loopback address only and wants the password, which others cannot read', async () => {
    const projectDir = newProject();
    const { url } = await startEmbedded({ projectDir, ...fast });
    const [row] = await rowsOf(
      url,
      `select current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets`,
    );
    expect(row).toEqual({ addresses: '127.0.0.1', sockets: '' });
    expect(statSync(join(stateDir(projectDir), 'password')).mode & 0o777).toBe(0o600);
    await expect(openDatabase(url.replace(/:[^:@]+@/, ':wrong@')).connect()).rejects.toMatchObject({
      code: 'DATABASE_CREDENTIALS_REFUSED',
    });
  });

  test('four processes that start it at once get one server, started by one of them', async () => {
    const projectDir = newProject();
    const options = JSON.stringify({ projectDir, ...fast });
    const outputs = await Promise.all(Array.from({ length: 4 }, () => program(['start', options]).output));
    const results = outputs.map((line) => JSON.parse(line) as { startedHere: boolean; port: number });
    expect(results.filter((result) => result.startedHere)).toHaveLength(1);
    expect(new Set(results.map((result) => result.port)).size).toBe(1);
  });

  test('the server outlives the process that started it and holds none of its pipes', async () => {
    const projectDir = newProject();
    const { process: child, output } = program(['start', JSON.stringify({ projectDir, ...fast })]);
    const { url } = JSON.parse(await output) as { url: string };
    expect(child.exitCode).toBe(0);
    expect(await rowsOf(url, 'select 1 as one')).toEqual([{ one: 1 }]);
    const stopped = await program(['stop', JSON.stringify({ projectDir })]).output;
    expect(JSON.parse(stopped)).toEqual({ stopped: true });
    expect(await embeddedStatus({ projectDir })).toMatchObject({ kind: 'stopped' });
  });

  test('a new cluster is UTF-8 with the rules of C.UTF-8, in UTC, durable', async () => {
    const { url } = await startEmbedded({ projectDir: newProject() });
    const [row] = await rowsOf(
      url,
      `select pg_encoding_to_char(encoding) as encoding, datlocprovider as provider, datlocale as locale,
              current_setting('timezone') as zone, current_setting('fsync') as fsync,
              current_setting('synchronous_commit') as commit, upper('é') as upper
       from pg_database where datname = current_database()`,
    );
    expect(row).toEqual({
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
      zone: 'UTC',
      fsync: 'on',
      commit: 'on',
      upper: 'É',
    });
  });

  test('aborting gives up the start and leaves no server behind', async () => {
    const projectDir = newProject();
    // One that stays: it is made by initdb, not as a copy.
    const starting = startEmbedded({ projectDir, signal: AbortSignal.timeout(150) });
    await expect(starting).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(await embeddedUrl({ projectDir })).toBeUndefined();
    expect((await startEmbedded({ projectDir, ...fast })).startedHere).toBe(true);
  });

  test('a platform without a package is told what to install or to use', async () => {
    const { arch } = process;
    Object.defineProperty(process, 'arch', { value: 'riscv64' });
    try {
      await expect(startEmbedded({ projectDir: newProject() })).rejects.toMatchObject({
        code: 'DATABASE_EMBEDDED_UNSUPPORTED',
        message: expect.stringContaining('-riscv64'),
        hint: expect.stringContaining('--url'),
      });
    } finally {
      Object.defineProperty(process, 'arch', { value: arch });
    }
  });
});

describe('after a stop or a crash', () => {
  test('a restart keeps the data and the port', async () => {
    const projectDir = newProject();
    const first = await startEmbedded({ projectDir });
    await execute(first.url, 'create table kept (id int); insert into kept values (7)');
    await first.stop();
    await expect(openDatabase(first.url).connect()).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE' });
    const second = await startEmbedded({ projectDir });
    expect(second).toMatchObject({ startedHere: true, port: first.port, url: first.url });
    expect(await rowsOf(second.url, 'select id from kept')).toEqual([{ id: 7 }]);
  });

  test('a server that was killed is started again, with what was committed', async () => {
    const projectDir = newProject();
    const first = await startEmbedded({ projectDir });
    await execute(first.url, 'create table kept (id int); insert into kept values (7)');
    process.kill(serverPid(first.dataDir), 'SIGKILL');
    const second = await startEmbedded({ projectDir });
    expect(second.startedHere).toBe(true);
    expect(await rowsOf(second.url, 'select id from kept')).toEqual([{ id: 7 }]);
  });

  test('an initdb that was killed in the middle is done again', async () => {
    const projectDir = newProject();
    const { process: child, output } = program(['start', JSON.stringify({ projectDir })]);
    await expect.poll(() => unfinishedIn(stateDir(projectDir)), { interval: 5 }).toHaveLength(1);
    await sleep(100);
    child.kill('SIGKILL');
    await output;
    expect(existsSync(join(stateDir(projectDir), 'data'))).toBe(false);
    expect((await startEmbedded({ projectDir, ...fast })).startedHere).toBe(true);
    expect(unfinishedIn(stateDir(projectDir))).toEqual([]);
  });

  test('a lock that a dead process left is taken over', async () => {
    const projectDir = newProject();
    await (await startEmbedded({ projectDir, ...fast })).stop();
    const { process: child, output } = program(['status', JSON.stringify({ projectDir })]);
    await output;
    writeFileSync(join(stateDir(projectDir), 'start.lock'), `${child.pid} ${hostname()} left-behind`);
    expect((await startEmbedded({ projectDir, ...fast })).startedHere).toBe(true);
  });

  test('a pid file whose number another process has got is no obstacle', async () => {
    const projectDir = newProject();
    const first = await startEmbedded({ projectDir, ...fast });
    const pidFile = readFileSync(join(first.dataDir, 'postmaster.pid'), 'utf8');
    await first.stop();
    writeFileSync(join(first.dataDir, 'postmaster.pid'), pidFile.replace(/^\d+/, String(process.pid)));
    expect((await startEmbedded({ projectDir, ...fast })).startedHere).toBe(true);
  });

  test('a failed start shows the end of the log and is right again once the cause is removed', async () => {
    const projectDir = newProject();
    const first = await startEmbedded({ projectDir, ...fast });
    await first.stop();
    const configuration = join(first.dataDir, 'postgresql.conf');
    const before = readFileSync(configuration, 'utf8');
    appendFileSync(configuration, "shared_buffers = 'plenty'\n");
    await expect(startEmbedded({ projectDir, ...fast })).rejects.toMatchObject({
      code: 'DATABASE_EMBEDDED_NOT_STARTED',
      message: expect.stringContaining('invalid value for parameter "shared_buffers": "plenty"'),
      details: { log: first.logFile },
    });
    writeFileSync(configuration, before);
    expect((await startEmbedded({ projectDir, ...fast })).startedHere).toBe(true);
  });
});

describe('ports', () => {
  const blockers: Server[] = [];
  afterEach(() => {
    for (const blocker of blockers.splice(0)) {
      blocker.close();
    }
  });

  function block(port: number): Promise<number> {
    return new Promise((settle) => {
      const blocker = createServer().listen(port, '127.0.0.1', () => {
        settle((blocker.address() as { port: number }).port);
      });
      blockers.push(blocker);
    });
  }

  test('a port that is asked for and taken is an error that names it', async () => {
    const port = await block(0);
    await expect(startEmbedded({ projectDir: newProject(), ...fast, port })).rejects.toMatchObject({
      code: 'DATABASE_EMBEDDED_PORT',
      message: expect.stringContaining(String(port)),
    });
  });

  test('a port other than the one that the server has is an error that names both', async () => {
    const projectDir = newProject();
    const running = await startEmbedded({ projectDir, ...fast });
    await expect(startEmbedded({ projectDir, ...fast, port: running.port + 1 })).rejects.toMatchObject({
      code: 'DATABASE_EMBEDDED_PORT',
      details: { port: running.port + 1, runningPort: running.port },
    });
  });

  test('another port is used when the one from before is taken', async () => {
    const projectDir = newProject();
    const first = await startEmbedded({ projectDir, ...fast });
    await first.stop();
    await block(first.port);
    const second = await startEmbedded({ projectDir, ...fast });
    expect(second.port).not.toBe(first.port);
    expect(await rowsOf(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('in the foreground', () => {
  test('the server runs until the signal and is gone afterwards', async () => {
    const projectDir = newProject();
    const { process: child, output } = program(['run', JSON.stringify({ projectDir, ...fast })]);
    await expect.poll(() => embeddedUrl({ projectDir }), { timeout: 10_000 }).toBeDefined();
    child.kill('SIGINT');
    expect(JSON.parse(await output)).toMatchObject({ startedHere: true });
    expect(child.exitCode).toBe(0);
    expect(await embeddedStatus({ projectDir })).toMatchObject({ kind: 'stopped' });
  });

  test('the run ends when somebody else stops the server', async () => {
    const projectDir = newProject();
    const { process: child, output } = program(['run', JSON.stringify({ projectDir, ...fast })]);
    await expect.poll(() => embeddedUrl({ projectDir }), { timeout: 10_000 }).toBeDefined();
    expect(await stopEmbedded({ projectDir })).toBe(true);
    await output;
    expect(child.exitCode).toBe(0);
  });
});

test('databases are made when they are missing, whatever their names', async () => {
  const { url } = await startEmbedded({ projectDir: newProject(), ...fast });
  const name = 'Größe "x"; drop';
  expect(await ensureDatabase(url, name)).toBe(true);
  expect(await ensureDatabase(url, name)).toBe(false);
  const both = await Promise.all([ensureDatabase(url, 'same'), ensureDatabase(url, 'same')]);
  expect(both.filter(Boolean)).toHaveLength(1);
  expect(await rowsOf(url, `select 1 from pg_database where datname = $$${name}$$`)).toHaveLength(1);
});

function unfinishedIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('new-')) : [];
}
