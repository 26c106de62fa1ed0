/** Databases for tests: each file makes its own and drops it; files run at the same time. */
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { withDatabaseName } from '../../src/database/connection-url.js';
import { type Database, ensureDatabase, openDatabase, withSession } from '../../src/database/index.js';
import { startTestServer, testServer } from './servers.js';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  readonly name: string;
  /** Drops it, ending the sessions that are still open on it. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** The name of the database to copy; nothing may be connected to it. */
  readonly template?: string;
  /** The server to make it on; the run's PostgreSQL 18 unless told. */
  readonly serverUrl?: string;
}

/** Makes an empty database, or a copy of `template`, for one test file. Takes about 50 ms. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const serverUrl = options.serverUrl ?? inject('serverUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await ensureDatabase(serverUrl, name, options.template === undefined ? {} : { template: options.template });
  const url = withDatabaseName(serverUrl, name);
  return {
    database: openDatabase(url),
    url,
    name,
    drop: async () => {
      await withSession(openDatabase(serverUrl), (session) =>
        session.run(`drop database if exists ${name} with (force)`),
      );
    },
  };
}

/** The connection string of the run's server of that major version, started if this is the first to ask. */
export async function serverUrl(major: number): Promise<string> {
  const server = testServer(major);
  if (server.missing !== undefined) {
    throw new Error(server.missing);
  }
  return (await startTestServer(inject('clusterHome'), server)).url;
}
