/** Every state that a database can be in, as `plinth health` tells it. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withDatabaseName, withSession } from '../../src/database/index.js';
import { type HealthReport, open, type Plinth } from '../../src/index.js';
import { plinth as commandLine, type Finished } from '../support/command-line.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type MadeProject, projectMaker } from './projects.js';
import { parsePrometheus } from './prometheus-format.js';

const project = projectMaker();
const FILES = {
  '0001_accounts.up.sql': 'create table accounts (id int);',
  '0001_accounts.down.sql': 'drop table accounts;',
  '0002_names.up.sql': 'alter table accounts add column name text;',
  '0002_names.down.sql': 'alter table accounts drop column name;',
};

let database: TestDatabase;
let made: MadeProject;
let plinth: Plinth;

beforeEach(async () => {
  database = await createTestDatabase();
  made = project({ migrations: FILES });
  plinth = await open({ cwd: made.root, url: database.url });
});

afterEach(() => database.drop());

function reasonsOf(report: HealthReport): string[] {
  return report.targets.flatMap(({ reasons }) => reasons.map(({ kind, severity }) => `${severity}: ${kind}`));
}

describe('a target is fit for use', () => {
  test('when it is up to date', async () => {
    await plinth.apply();
    const report = await plinth.health();
    expect(report).toMatchObject({ status: 'ok', ready: true, reasons: [], telemetry: { kind: 'off' } });
    expect(report.targets).toMatchObject([
      {
        target: 'main',
        status: 'ok',
        reachable: true,
        database: database.name,
        serverVersion: expect.stringMatching(/^\d+\.\d/),
        version: '0002',
        pending: 0,
        interrupted: 0,
        edited: 0,
        missing: 0,
        lockedBy: undefined,
        drift: 'not-checked',
      },
    ]);
  });

  test('within 200 ms, of a database with hundreds of migrations', async () => {
    const many = Array.from({ length: 300 }, (_, index) => [
      `${index + 1000}_more.up.sql`,
      `create table more_${index} ();`,
    ]);
    made.write(Object.fromEntries(many));
    await plinth.apply();
    const times: number[] = [];
    for (let look = 0; look < 5; look += 1) {
      times.push((await plinth.health()).durationMs);
    }
    expect(Math.min(...times)).toBeLessThan(200);
  });

  test('when only the comments of a migration changed', async () => {
    await plinth.apply();
    made.write({ '0001_accounts.up.sql': '-- Accounts.\ncreate table accounts (id int);' });
    expect(await plinth.health()).toMatchObject({ status: 'ok' });
  });

  test('and somebody should look, when a newer checkout has migrated it', async () => {
    await plinth.apply();
    rmSync(join(made.migrations, '0002_names.up.sql'));
    rmSync(join(made.migrations, '0002_names.down.sql'));
    const report = await plinth.health();
    expect(report).toMatchObject({ status: 'degraded', ready: true });
    expect(reasonsOf(report)).toEqual(['degraded: ahead']);
    expect(report.targets[0]).toMatchObject({ missing: 1, version: '0002' });
  });

  test('while somebody migrates it, and says who', async () => {
    await plinth.apply();
    made.write({ '0003_slow.up.sql': 'select pg_sleep(2);' });
    const running = plinth.apply();
    await expect
      .poll(async () => (await plinth.health()).targets[0]!.lockedBy?.client)
      .toContain(String(process.pid));
    const report = await plinth.health();
    expect(reasonsOf(report)).toEqual(['failing: pending', 'degraded: locked']);
    await running;
    expect(await plinth.health()).toMatchObject({ status: 'ok' });
  });

  test('to a role that may only read, and nothing is changed', async () => {
    await plinth.apply();
    const role = `reader_${database.name}`;
    await withSession(database.database, (session) =>
      session.run(`create role ${role} login password 'only-read';
        alter role ${role} set default_transaction_read_only = on;
        grant usage on schema plinth to ${role};
        grant select on all tables in schema plinth to ${role};`),
    );
    const url = new URL(database.url);
    url.username = role;
    url.password = 'only-read';
    const reader = await open({ cwd: made.root, url: url.toString() });
    expect(await reader.health()).toMatchObject({ status: 'ok' });
    await withSession(database.database, (session) =>
      session.run(`drop owned by ${role}; drop role ${role}`),
    );
  });

  test('as far as drift is known: no fingerprint is recorded', async () => {
    await plinth.apply();
    expect((await plinth.health({ drift: true })).targets[0]).toMatchObject({
      status: 'ok',
      drift: 'unknown',
    });
  });
});

describe('a target is not fit for use', () => {
  test('before its first migration, and the look makes no ledger', async () => {
    const report = await plinth.health();
    expect(report).toMatchObject({ status: 'failing', ready: false });
    expect(reasonsOf(report)).toEqual(['failing: pending']);
    expect(report.targets[0]).toMatchObject({ pending: 2, version: undefined, reachable: true });
    const schemas = await withSession(database.database, (session) =>
      session.query("select 1 from pg_namespace where nspname = 'plinth'"),
    );
    expect(schemas).toEqual([]);
  });

  test('while a migration is pending', async () => {
    await plinth.apply({ steps: 1 });
    const report = await plinth.health();
    expect(reasonsOf(report)).toEqual(['failing: pending']);
    expect(report.targets[0]!.reasons[0]!.message).toBe('1 pending: 0002_names');
  });

  test('when a migration was interrupted', async () => {
    made.write({ '0003_halfway.up.sql': 'vacuum accounts;\nselect 1/0;' });
    await expect(plinth.apply()).rejects.toMatchObject({ code: 'MIGRATE_STATEMENT_FAILED' });
    const report = await plinth.health();
    expect(reasonsOf(report)).toEqual(['failing: interrupted']);
    expect(report.targets[0]).toMatchObject({ interrupted: 1, pending: 0 });
  });

  test('when a statement of an applied migration was changed', async () => {
    await plinth.apply();
    made.write({ '0001_accounts.up.sql': 'create table accounts (id bigint);' });
    const report = await plinth.health();
    expect(reasonsOf(report)).toEqual(['failing: edited']);
    expect(report.targets[0]).toMatchObject({ edited: 1 });
  });

  test('when a migration came in among the applied ones, or one of them is gone', async () => {
    await plinth.apply();
    rmSync(join(made.migrations, '0001_accounts.up.sql'));
    rmSync(join(made.migrations, '0001_accounts.down.sql'));
    made.write({ '0000_before.up.sql': 'select 1;' });
    const report = await plinth.health();
    expect(reasonsOf(report)).toEqual(['failing: missing', 'failing: out-of-order', 'failing: pending']);
  });

  test('when no server answers', async () => {
    const away = await open({ cwd: made.root, url: 'postgresql://nobody@127.0.0.1:1/none' });
    const report = await away.health({ timeoutMs: 1000 });
    expect(reasonsOf(report)).toEqual(['failing: unreachable']);
    expect(report.targets[0]).toMatchObject({
      reachable: false,
      reasons: [{ errorCode: 'DATABASE_UNREACHABLE' }],
    });
  });

  test('when the server accepts the connection and is silent, within the time that it has', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    const away = await open({
      cwd: made.root,
      url: `postgresql://nobody@127.0.0.1:${port}/none?sslmode=disable`,
    });
    const startedMs = performance.now();
    const report = await away.health({ timeoutMs: 500 });
    silent.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(reasonsOf(report)).toEqual(['failing: unreachable']);
  });

  test('when the ledger is locked for longer than the look may take', async () => {
    await plinth.apply();
    await withSession(database.database, async (holder) => {
      await holder.run('begin; lock plinth.migrations');
      const report = await plinth.health({ timeoutMs: 500 });
      expect(report.targets[0]!.reasons).toMatchObject([{ errorCode: 'MIGRATE_HEALTH_TIMEOUT' }]);
      await holder.run('rollback');
    });
  });

  test('when the role may not read the ledger', async () => {
    await plinth.apply();
    const role = `stranger_${database.name}`;
    await withSession(database.database, (session) =>
      session.run(`create role ${role} login password 'a-stranger'`),
    );
    const url = new URL(database.url);
    url.username = role;
    url.password = 'a-stranger';
    const report = await (await open({ cwd: made.root, url: url.toString() })).health();
    expect(reasonsOf(report)).toEqual(['failing: unreadable']);
    expect(JSON.stringify(report)).not.toContain('a-stranger');
    await withSession(database.database, (session) => session.run(`drop role ${role}`));
  });

  test('when there is no such database', async () => {
    const away = await open({ cwd: made.root, url: withDatabaseName(database.url, 'not_there') });
    const report = await away.health();
    expect(report.targets[0]!.reasons).toMatchObject([
      { kind: 'unreachable', errorCode: 'DATABASE_NOT_FOUND' },
    ]);
  });

  test('when its embedded server does not run, and the look does not start it', async () => {
    const embedded = await open({ cwd: made.root, environment: {} });
    const report = await embedded.health();
    expect(report.targets[0]!.reasons).toMatchObject([
      { kind: 'unreachable', errorCode: 'PROJECT_SERVER_STOPPED' },
    ]);
    expect(await embedded.db.status()).toEqual({ kind: 'absent' });
  });
});

describe('wrong credentials', () => {
  test('are told by their code, without the password', async () => {
    const role = `locked_out_${database.name}`;
    await withSession(database.database, (session) =>
      session.run(`create role ${role} nologin; comment on role ${role} is 'cannot log in'`),
    );
    const url = new URL(database.url);
    url.username = role;
    url.password = 'hunter2';
    const report = await (await open({ cwd: made.root, url: url.toString() })).health();
    expect(report.targets[0]!.reasons).toMatchObject([
      { kind: 'unreachable', errorCode: 'DATABASE_CREDENTIALS_REFUSED' },
    ]);
    expect(JSON.stringify(report)).not.toContain('hunter2');
    await withSession(database.database, (session) => session.run(`drop role ${role}`));
  });
});

describe('a fleet', () => {
  test('is looked at member by member', async () => {
    const fleet = project({
      migrations: FILES,
      target: '    fleet:\n      schemas: [tenant_a, tenant_b]',
    });
    await withSession(database.database, (session) =>
      session.run('create schema tenant_a; create schema tenant_b'),
    );
    const members = await open({ cwd: fleet.root, url: database.url });
    await members.apply();
    expect(await members.health()).toMatchObject({
      status: 'ok',
      targets: [{ member: 'tenant_a' }, { member: 'tenant_b' }],
    });
    await withSession(database.database, (session) =>
      session.run("delete from plinth.migrations where scope = 'tenant_b' and version = '0002'"),
    );
    expect((await members.health()).targets.map(({ member, pending }) => [member, pending])).toEqual([
      ['tenant_a', 0],
      ['tenant_b', 1],
    ]);
  });
});

describe('telemetry that is not sent', () => {
  test('is no reason against use', async () => {
    await plinth.apply();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'not an address' };
    const report = await (await open({ cwd: made.root, url: database.url, environment })).health();
    expect(report).toMatchObject({
      status: 'degraded',
      ready: true,
      reasons: [{ kind: 'telemetry' }],
      telemetry: { kind: 'misconfigured' },
    });
  });
});

describe('plinth health', () => {
  const health = (...args: string[]) =>
    commandLine(['health', ...args, '--url', database.url], { cwd: made.root });

  test('exits with 0 when fit for use, 1 when not, and 2 when asked wrongly', async () => {
    const pending = await health();
    expect(pending.code).toBe(1);
    expect(pending.stdout).toMatch(
      /^failing main .*\n {2}2 pending: 0001_accounts, 0002_names\nfailing: 1 target/,
    );
    await plinth.apply();
    const done = await health('--format', 'json');
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout)).toMatchObject({
      kind: 'health',
      version: 1,
      data: { status: 'ok', ready: true },
    });
    expect((await health('--timeout', '0')).code).toBe(2);
  });

  test('exits with 1 for what somebody should look at, only when strict', async () => {
    await plinth.apply();
    rmSync(join(made.migrations, '0002_names.up.sql'));
    rmSync(join(made.migrations, '0002_names.down.sql'));
    expect((await health()).code).toBe(0);
    expect((await health('--strict')).code).toBe(1);
  });
});

interface Served {
  readonly url: string;
  readonly stop: (signal: NodeJS.Signals) => void;
  readonly finished: Promise<Finished>;
}

function serve(): Promise<Served> {
  return new Promise((resolve) => {
    const finished = commandLine(['health', '--serve', '0', '--log', 'json', '--url', database.url], {
      cwd: made.root,
      onStart: (child) =>
        child.stderr!.on('data', (chunk: Buffer) => {
          const port = /"event":"health.serving","port":(\d+)/.exec(chunk.toString())?.[1];
          if (port) {
            resolve({ url: `http://127.0.0.1:${port}`, stop: (signal) => child.kill(signal), finished });
          }
        }),
    });
  });
}

describe('plinth health --serve', () => {
  test('answers probes and Prometheus, follows what happens, and ends with 0 when told to', async () => {
    const { url, stop, finished } = await serve();
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
    const before = await fetch(`${url}/readyz`);
    expect(before.status).toBe(503);
    expect(await before.json()).toMatchObject({ data: { status: 'failing' } });
    await plinth.apply();
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: 5000 }).toBe(200);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('version=0.0.4');
    const samples = parsePrometheus(await metrics.text()).flatMap((family) => family.samples);
    expect(samples).toEqual(
      expect.arrayContaining([
        { name: 'plinth_health_ready', labels: { plinth_target: 'main' }, value: 1 },
        { name: 'plinth_migrations_pending', labels: { plinth_target: 'main' }, value: 0 },
      ]),
    );
    expect((await fetch(`${url}/else`)).status).toBe(404);
    expect((await fetch(`${url}/readyz`, { method: 'POST' })).status).toBe(405);
    stop('SIGTERM');
    expect((await finished).code).toBe(0);
    expect((await finished).stderr).toContain('"event":"health.stopped"');
  });

  test('looks at the databases once, however many ask at once', async () => {
    await plinth.apply();
    const { url, stop, finished } = await serve();
    const answers = await Promise.all(Array.from({ length: 40 }, () => fetch(`${url}/readyz`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    stop('SIGINT');
    const { code, stderr } = await finished;
    expect(code).toBe(0);
    expect(stderr.match(/"event":"health.checked"/g)!.length).toBeLessThan(5);
  });

  test('says so when the port is taken', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, stderr } = await commandLine(['health', '--serve', String(port), '--url', database.url], {
      cwd: made.root,
    });
    other.close();
    expect(code).toBe(3);
    expect(stderr).toContain('error[CLI_PORT_TAKEN]');
  });
});
