/**
 * Vitest's global set-up: one PostgreSQL 18 cluster for the whole run, without fsync, in a temporary folder that
 * is removed at the end. Older versions join it in the same folder when a test asks for them.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { stopEmbedded } from '../../src/database/index.js';
import { DEFAULT_MAJOR, MAJORS, startTestServer, testServer } from './servers.js';
import { CLUSTER_PARENT, makeClusterFolder } from './temporary-folder.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The folder that the run's clusters live in. */
    readonly clusterHome: string;
    /** The connection string of the run's PostgreSQL 18, as its superuser. */
    readonly serverUrl: string;
  }
}

const PREFIX = 'plinth-test-run-';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeAbandoned();
  const home = makeClusterFolder(`${PREFIX}${process.pid}-`);
  const server = testServer(DEFAULT_MAJOR);
  if (server.missing !== undefined) {
    throw new Error(server.missing);
  }
  const { url } = await startTestServer(home, server);
  project.provide('clusterHome', home);
  project.provide('serverUrl', url);
  return () => removeHome(home);
}

/** What runs that were killed left behind; the name of a run's folder holds its process id. */
async function removeAbandoned(): Promise<void> {
  for (const name of readdirSync(CLUSTER_PARENT)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : undefined;
    if (pid !== undefined && !isAlive(pid)) {
      await removeHome(join(CLUSTER_PARENT, name));
    }
  }
}

async function removeHome(home: string): Promise<void> {
  await Promise.all(MAJORS.map((major) => stopCluster(home, major)));
  rmSync(home, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function stopCluster(home: string, major: number): Promise<void> {
  const server = testServer(major);
  if (server.missing === undefined) {
    await stopEmbedded({ projectDir: home, ...(server.binaries ? { binaries: server.binaries } : {}) });
  }
}
