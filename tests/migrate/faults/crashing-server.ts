/** A server of a test's own that can be stopped as if the power had failed. */
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded, stopEmbedded } from '../../../src/database/index.js';

export interface CrashingServer {
  readonly url: string;
  /** Stops it at once, without a checkpoint: as `pg_ctl stop -m immediate` does. */
  crash(): Promise<void>;
  /** Starts it again on the same port. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

export async function startCrashingServer(): Promise<CrashingServer> {
  const projectDir = mkdtempSync(join(tmpdir(), 'plinth-test-crashes-'));
  // Under root the server runs as another user, which must be able to get here.
  chmodSync(projectDir, 0o755);
  // Durable, unlike the run's servers: what was committed must be there after the crash.
  const options = { projectDir, durable: true };
  const { url, dataDir, port } = await startEmbedded(options);
  return {
    url,
    crash: async () => {
      const pid = Number.parseInt(readFileSync(join(dataDir, 'postmaster.pid'), 'utf8'), 10);
      process.kill(pid, 'SIGQUIT');
      while (isAlive(pid)) {
        await sleep(10);
      }
    },
    restart: async () => {
      await startEmbedded({ ...options, port });
    },
    remove: async () => {
      await stopEmbedded(options);
      rmSync(projectDir, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
