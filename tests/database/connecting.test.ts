/** What a connection that cannot be made is told as, and what each sslmode proves. */
import { execFileSync } from 'node:child_process';
import { chownSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import {
  type EmbeddedServer,
  openDatabase,
  startEmbedded,
  stopEmbedded,
  withDatabaseName,
  withSession,
} from '../../src/database/index.js';
import { makeClusterFolder } from '../support/temporary-folder.js';

const serverUrl = inject('serverUrl');

/** The run's server, with parts of its connection string replaced. */
function changed(parts: { password?: string; username?: string; port?: number; query?: string }): string {
  const url = new URL(serverUrl);
  url.password = parts.password ?? url.password;
  url.username = parts.username ?? url.username;
  url.port = String(parts.port ?? url.port);
  url.search = parts.query ?? url.search;
  return url.toString();
}

const connecting = (url: string): Promise<unknown> => openDatabase(url).connect();

describe('a connection that cannot be made', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) {
      socket.destroy();
    }
    for (const server of servers.splice(0)) {
      server.close();
    }
  });

  /** A TCP server on a free port; `onConnection` gets each connection. */
  function listen(onConnection: (socket: Socket) => void): Promise<number> {
    return new Promise((settle) => {
      const server = createServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => {});
        onConnection(socket);
      }).listen(0, '127.0.0.1', () => settle((server.address() as { port: number }).port));
      servers.push(server);
    });
  }

  test.each([
    ['a wrong password', changed({ password: 'wrong' })],
    ['no password', serverUrl.replace(/:[^:@]+@/, '@')],
    ['an unknown user', changed({ username: 'nobody_here' })],
  ])('%s is refused credentials, told without the password', async (_, url) => {
    const failing = openDatabase(url).connect();
    await expect(failing).rejects.toMatchObject({ code: 'DATABASE_CREDENTIALS_REFUSED' });
    const error = (await failing.catch((cause: unknown) => cause)) as Error;
    expect(error.message).not.toContain(new URL(serverUrl).password);
  });

  test('a database that the server does not have is not found', async () => {
    await expect(connecting(withDatabaseName(serverUrl, 'no such database'))).rejects.toMatchObject({
      code: 'DATABASE_NOT_FOUND',
      message: expect.stringContaining("'no such database'"),
    });
  });

  test('a port where nothing listens is unreachable, for an address and for a name with several', async () => {
    const port = await listen(() => {});
    await new Promise((settle) => servers.pop()!.close(settle));
    for (const host of ['127.0.0.1', 'localhost']) {
      await expect(connecting(`postgresql://u:p@${host}:${port}/d`)).rejects.toMatchObject({
        code: 'DATABASE_UNREACHABLE',
        message: `Cannot connect to ${host}:${port}: nothing listens there`,
      });
    }
  });

  test('a host name that is not known is unreachable', async () => {
    await expect(connecting('postgresql://u:p@no-such-host.invalid/d')).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    });
  });

  test('a server that never answers is given up after connect_timeout', async () => {
    const port = await listen(() => {});
    const before = performance.now();
    await expect(
      connecting(`postgresql://u:p@127.0.0.1:${port}/d?connect_timeout=1&sslmode=disable`),
    ).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: expect.stringContaining('it did not answer in time'),
    });
    expect(performance.now() - before).toBeLessThan(3000);
  });

  test('closing a session whose server has stopped answering takes two seconds at most', async () => {
    let isDead = false;
    const port = await listen((socket) => {
      const upstream = connect(Number(new URL(serverUrl).port), '127.0.0.1');
      sockets.push(upstream);
      socket.on('data', (bytes) => isDead || upstream.write(bytes));
      upstream.on('data', (bytes) => isDead || socket.write(bytes));
    });
    const session = await openDatabase(changed({ port })).connect();
    isDead = true;
    const before = performance.now();
    await session.close();
    expect(performance.now() - before).toBeLessThan(2500);
  });
});

describe('a server that wants TLS, with a certificate that it signed itself', () => {
  let home: string;
  let server: EmbeddedServer;
  let certificate: string;

  beforeAll(async () => {
    home = makeClusterFolder('plinth-test-tls-');
    server = await startEmbedded({ projectDir: home, durable: false });
    certificate = join(home, 'server.crt');
    makeCertificate(certificate, server.dataDir);
    await withSession(openDatabase(server.url), async (session) => {
      await session.run('alter system set ssl = on');
      await session.run("create role tls_only login password 'p'; create role plain_only login password 'p'");
      const rules = [
        'host all plinth all scram-sha-256',
        'hostssl all tls_only all scram-sha-256',
        'hostnossl all plain_only all scram-sha-256',
      ];
      writeFileSync(join(server.dataDir, 'pg_hba.conf'), `${rules.join('\n')}\n`);
      await session.query('select pg_reload_conf()');
    });
    await vi.waitUntil(async () => (await outcome('tls_only', 'sslmode=require')) === 'TLS', 5000);
  });
  afterAll(async () => {
    await stopEmbedded({ projectDir: home });
    rmSync(home, { recursive: true, force: true });
  });

  /** `TLS` or `plain` for a connection that was made, else the error's code. */
  async function outcome(user: string, query: string, host = '127.0.0.1'): Promise<string> {
    try {
      return await withSession(openDatabase(urlFor(user, query, host)), async (session) => {
        const [row] = await session.query<{ ssl: boolean }>(
          'select ssl from pg_stat_ssl where pid = pg_backend_pid()',
        );
        return row!.ssl ? 'TLS' : 'plain';
      });
    } catch (error) {
      return (error as { code: string }).code;
    }
  }

  function urlFor(user: string, query: string, host = '127.0.0.1'): string {
    return `postgresql://${user}:p@${host}:${server.port}/plinth?${query}`;
  }

  test.each([
    ['tls_only', 'disable', 'DATABASE_TLS_FAILED'],
    ['tls_only', 'allow', 'TLS'],
    ['tls_only', 'prefer', 'TLS'],
    ['tls_only', 'require', 'TLS'],
    ['tls_only', 'verify-ca', 'DATABASE_TLS_FAILED'],
    ['tls_only', 'verify-full', 'DATABASE_TLS_FAILED'],
    ['plain_only', 'disable', 'plain'],
    ['plain_only', 'allow', 'plain'],
    ['plain_only', 'prefer', 'plain'],
    ['plain_only', 'require', 'DATABASE_TLS_FAILED'],
  ])('the user %s with sslmode=%s: %s', async (user, mode, expected) => {
    expect(await outcome(user, `sslmode=${mode}`)).toBe(expected);
  });

  test('a certificate that is trusted by name passes verification, for the host that it names only', async () => {
    const root = `sslrootcert=${encodeURIComponent(certificate)}`;
    expect(await outcome('tls_only', `sslmode=verify-ca&${root}`)).toBe('TLS');
    expect(await outcome('tls_only', `sslmode=verify-full&${root}`, 'localhost')).toBe('TLS');
    expect(await outcome('tls_only', `sslmode=verify-full&${root}`, '127.0.0.1')).toBe('DATABASE_TLS_FAILED');
  });

  test('cancelling goes over TLS too', async () => {
    await withSession(openDatabase(urlFor('tls_only', 'sslmode=require')), async (session) => {
      const running = session.query('select pg_sleep(20)').catch((error: unknown) => error);
      await session.cancel();
      expect(await running).toMatchObject({ code: 'DATABASE_CANCELLED' });
    });
  });

  test('a server without TLS is refused when it is required, and used when it is preferred', async () => {
    const without = (mode: string): string => changed({ query: `?sslmode=${mode}` });
    await expect(connecting(without('require'))).rejects.toMatchObject({ code: 'DATABASE_TLS_FAILED' });
    await withSession(openDatabase(without('prefer')), async (session) => {
      expect(session.isOpen).toBe(true);
    });
  });
});

/** A certificate for `localhost`, put where the server of `dataDir` finds it; a copy is left at `copyPath`. */
function makeCertificate(copyPath: string, dataDir: string): void {
  const files = { key: join(dataDir, 'server.key'), certificate: join(dataDir, 'server.crt') };
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
      ...['-addext', 'subjectAltName=DNS:localhost', '-keyout', files.key, '-out', files.certificate],
    ],
    { stdio: 'ignore' },
  );
  writeFileSync(copyPath, readFileSync(files.certificate));
  const { uid, gid } = statSync(dataDir);
  for (const file of [files.key, files.certificate]) {
    chownSync(file, uid, gid);
  }
}
