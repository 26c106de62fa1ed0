/** The server that is measured: a cluster of the benchmark's own, and an empty database for each turn. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  openDatabase,
  startEmbedded,
  stopEmbedded,
  withDatabaseName,
  withSession,
} from '../../src/database/index.js';
import type { MigrateBenchOptions } from './options.js';

export interface BenchServer {
  readonly url: string;
  /** A folder for files; goes with the server. */
  readonly folder: string;
  /** Which server it is and how it is set, in words. */
  readonly description: string;
  close(): Promise<void>;
}

export async function startServer({
  folder: parent,
  fsync,
}: Pick<MigrateBenchOptions, 'folder' | 'fsync'>): Promise<BenchServer> {
  const folder = mkdtempSync(join(parent, 'plinth-bench-'));
  // Under root the server runs as another user, which must be able to get here.
  chmodSync(folder, 0o755);
  const projectDir = join(folder, 'server');
  mkdirSync(projectDir);
  const close = async (): Promise<void> => {
    await stopEmbedded({ projectDir });
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const { url } = await startEmbedded({ projectDir });
    return { url, folder, description: await configure(url, fsync), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function configure(url: string, fsync: boolean): Promise<string> {
  return withSession(openDatabase(url), async (session) => {
    await session.run(`alter system set fsync = ${fsync ? 'on' : 'off'}`);
    await session.run('alter system set autovacuum = off');
    await session.run('select pg_reload_conf()');
    return `PostgreSQL ${session.server.version}, fsync ${fsync ? 'on' : 'off'}, autovacuum off`;
  });
}

/** Makes an empty database in place of one of that name; returns its URL. */
export async function emptyDatabase({ url }: BenchServer, name: string): Promise<string> {
  await withSession(openDatabase(url), async (session) => {
    await session.run(`drop database if exists ${name} with (force)`);
    await session.run(`create database ${name}`);
  });
  return withDatabaseName(url, name);
}
