import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { stopEmbedded } from '../../src/database/index.js';
import { makeClusterFolder } from './temporary-folder.js';

/** A maker of empty project folders; each is removed after its test, its embedded server stopped. */
export function temporaryProjects(parent?: string): () => string {
  const made: string[] = [];
  afterEach(async () => {
    for (const folder of made.splice(0)) {
      await stopEmbedded({ projectDir: folder }).catch(() => {});
      killServer(folder);
      // Some tests take away the right to write, which removing needs.
      execFileSync('chmod', ['-R', 'u+rwX', folder]);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  });
  return () => {
    const folder = makeClusterFolder('plinth-test-project-', parent);
    made.push(folder);
    return folder;
  };
}

/** A server that a failed test left and that this user is not allowed to stop in the ordinary way. */
function killServer(folder: string): void {
  try {
    const pidFile = readFileSync(join(folder, '.plinth/postgres-18/data/postmaster.pid'), 'utf8');
    process.kill(Number.parseInt(pidFile, 10), 'SIGQUIT');
  } catch {
    // None runs.
  }
}
