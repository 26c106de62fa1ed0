/** pgbouncer in front of a test server, pooling transactions: each may run in another server process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect as openSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/opt/homebrew/bin/pgbouncer'].find(existsSync);

/** Why there is no proxy to test with, if there is none. */
export const POOLING_PROXY_MISSING = PROGRAM ? undefined : "Debian's package pgbouncer is not installed";

export interface PoolingProxy {
  /** The connection string that leads through the proxy. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts it before the server of `url`. @param poolSize how many server processes it uses */
export async function startPoolingProxy(url: string, poolSize: number): Promise<PoolingProxy> {
  const server = new URL(url);
  const folder = mkdtempSync(join(tmpdir(), 'plinth-test-pooler-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const user = decodeURIComponent(server.username);
  const settings = `
[databases]
* = host=${server.hostname} port=${server.port} user=${user} password=${decodeURIComponent(server.password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 100
`;
  writeFileSync(join(folder, 'pgbouncer.ini'), settings);
  const child = spawn(PROGRAM!, ['-q', join(folder, 'pgbouncer.ini')], {
    stdio: 'ignore',
    // It refuses to run as root.
    ...(process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}),
  });
  await untilListening(port, child);
  server.hostname = '127.0.0.1';
  server.port = String(port);
  return {
    url: server.href,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = openSocket(port, '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isOpen) {
      return;
    }
    if (child.exitCode !== null) {
      throw new Error(`pgbouncer ended with ${child.exitCode} before it listened`);
    }
    await sleep(20);
  }
}
