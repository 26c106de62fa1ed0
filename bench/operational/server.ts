/** The server that is measured, and the databases on it. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import {
  ensureDatabase,
  openDatabase,
  startEmbedded,
  stopEmbedded,
  withDatabaseName,
  withSession,
} from '../../src/database/index.js';
import { open } from '../../src/project/index.js';
import type { OperationalBenchOptions } from './options.js';

type ServerOptions = Pick<OperationalBenchOptions, 'url' | 'folder'>;

export interface BenchServer {
  readonly url: string;
  /** A folder for files; goes with the server. */
  readonly folder: string;
  /** Which server it is and how it is set, in words. */
  readonly description: string;
  /** Stops the cluster and removes its files; leaves a server that was given. */
  close(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<BenchServer> {
  const folder = mkdtempSync(join(options.folder, 'plinth-bench-'));
  // Under root the server runs as another user, which must be able to get here.
  chmodSync(folder, 0o755);
  const removeFolder = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  try {
    const url = options.url ?? (await startOwn(folder));
    return {
      url,
      folder,
      description: await describe(url),
      close: async () => {
        await stopOwn(options, folder);
        removeFolder();
      },
    };
  } catch (error) {
    await stopOwn(options, folder);
    removeFolder();
    throw error;
  }
}

async function stopOwn(options: ServerOptions, folder: string): Promise<void> {
  if (options.url === undefined) {
    await stopEmbedded({ projectDir: folder });
  }
}

/** Crash-safe, as a server that keeps data is; with a cache that fits the machine instead of a laptop's. */
async function startOwn(folder: string): Promise<string> {
  const first = await startEmbedded({ projectDir: folder });
  const cacheMb = Math.min(4096, Math.floor(totalmem() / 2 ** 20 / 8));
  await withSession(openDatabase(first.url), async (session) => {
    await session.run(`alter system set shared_buffers = '${cacheMb}MB'`);
  });
  await first.stop();
  return (await startEmbedded({ projectDir: folder })).url;
}

async function describe(url: string): Promise<string> {
  return await withSession(openDatabase(url), async (session) => {
    const [row] = await session.query<{ text: string }>(
      `select string_agg(name || ' ' || current_setting(name), ', ' order by name) as text
       from unnest(array['shared_buffers', 'max_wal_size', 'fsync', 'synchronous_commit', 'full_page_writes']) as name`,
    );
    return `PostgreSQL ${session.server.version}, ${row!.text}`;
  });
}

/** Makes an empty database with the operational schema, in place of one of that name; returns its URL. */
export async function createPlatform(server: BenchServer, name: string): Promise<string> {
  await dropPlatform(server, name);
  await ensureDatabase(server.url, name);
  const url = withDatabaseName(server.url, name);
  const plinth = await open({ cwd: PACKAGE_ROOT, url });
  await plinth.apply({ target: 'operational' });
  return url;
}

/** Marks the database as wholly seeded, for a later run to use. */
export async function markSeeded(server: BenchServer, name: string, organizations: number): Promise<void> {
  await withSession(openDatabase(server.url), async (session) => {
    await session.run(`comment on database ${name} is '${seededText(organizations)}'`);
  });
}

export async function isSeeded(server: BenchServer, name: string, organizations: number): Promise<boolean> {
  return await withSession(openDatabase(server.url), async (session) => {
    const [row] = await session.query<{ text: string | null }>(
      `select shobj_description(oid, 'pg_database') as text from pg_database where datname = $1`,
      [name],
    );
    return row?.text === seededText(organizations);
  });
}

function seededText(organizations: number): string {
  return `seeded with ${organizations} organizations`;
}

export async function dropPlatform(server: BenchServer, name: string): Promise<void> {
  await withSession(openDatabase(server.url), async (session) => {
    await session.run(`drop database if exists ${name} with (force)`);
    await session.run('checkpoint');
  });
}
