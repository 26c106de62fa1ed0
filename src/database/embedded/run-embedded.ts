import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedOptions, EmbeddedServer } from './embedded-server.js';
import { isServerProcess, readPidFile } from './pid-file.js';
import { startEmbedded } from './start-embedded.js';

const ASK_EVERY_MS = 200;

export interface RunEmbeddedOptions extends EmbeddedOptions {
  /** Ends the run; a server that was started here is then stopped. */
  readonly signal: AbortSignal;
  /** Called once, when the server accepts connections. */
  readonly onReady?: (server: EmbeddedServer) => void;
}

/**
 * Runs the project's embedded server in the foreground: returns when the signal aborts, or when somebody else
 * stopped the server. A server that ran already is left running.
 * @throws as `startEmbedded`
 */
export async function runEmbedded(options: RunEmbeddedOptions): Promise<void> {
  const server = await startEmbedded(options);
  try {
    options.onReady?.(server);
    while (!options.signal.aborted && isRunning(server)) {
      await sleep(ASK_EVERY_MS, undefined, { signal: options.signal }).catch(() => {});
    }
  } finally {
    if (server.startedHere) {
      await server.stop();
    }
  }
}

function isRunning(server: EmbeddedServer): boolean {
  const file = readPidFile(server.dataDir);
  return file !== undefined && isServerProcess(file);
}
