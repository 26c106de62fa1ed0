/**
 * Vitest's global set-up: one PostgreSQL 18 cluster for the whole run, without fsync, in a temporary folder that
 * is removed at the end. Older versions join it in the same folder when a test asks for them.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { stopEmbedded } from '../../src/database/index.js';
import { DEFAULT_MAJOR, MAJORS, startTestServer, testServer } from './servers.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder that the run's clusters live in. */
    readonly clusterHome: string;
    /** The connection string of the run's PostgreSQL 18, as its superuser. */
    readonly serverUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'plinth-test-'));
  // A run as root starts the server under another user, which must be able to get here.
  chmodSync(home, 0o755);
  const server = testServer(DEFAULT_MAJOR);
  if (server.missing !== undefined) {
    throw new Error(server.missing);
  }
  const { url } = await startTestServer(home, server);
  project.provide('clusterHome', home);
  project.provide('serverUrl', url);
  return async () => {
    await Promise.all(MAJORS.map((major) => stopCluster(home, major)));
    rmSync(home, { recursive: true, force: true });
  };
}

async function stopCluster(home: string, major: number): Promise<void> {
  const server = testServer(major);
  if (server.missing === undefined) {
    await stopEmbedded({ projectDir: home, ...(server.binaries ? { binaries: server.binaries } : {}) });
  }
}
