import type { OnProgress } from '../../core/index.js';
import type { EmbeddedTarget } from './embedded-target.js';
import type { RunningServer } from './running-server.js';
import { stopEmbedded } from './stop-embedded.js';

export interface EmbeddedOptions extends EmbeddedTarget {
  /** A port that must be used; else the one used before, if it is free, or another free one. */
  readonly port?: number;
  /** False trades crash safety for speed, for clusters that are thrown away. Default true. */
  readonly durable?: boolean;
  /** False leaves the database `plinth` out, for clusters whose users make their own. Default true. */
  readonly makesDatabase?: boolean;
  /** Server settings beside the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly onProgress?: OnProgress;
  /** Gives up the start. A server that runs already is not touched by it. */
  readonly signal?: AbortSignal;
}

/** A running embedded server. */
export interface EmbeddedServer {
  /** The connection string of the database `plinth`, password included: for handing on, not for printing. */
  readonly url: string;
  readonly port: number;
  /** PostgreSQL's version, e.g. `18.4`. */
  readonly version: string;
  readonly dataDir: string;
  readonly logFile: string;
  /** True when this call started it, false when it was found running. */
  readonly startedHere: boolean;
  /** Stops the server, whoever started it; returns once it has ended. */
  stop(): Promise<void>;
}

export function embeddedServer(
  running: RunningServer,
  target: EmbeddedTarget,
  startedHere: boolean,
): EmbeddedServer {
  return {
    url: running.url,
    port: running.port,
    version: running.version,
    dataDir: running.place.dataDir,
    logFile: running.place.logFile,
    startedHere,
    stop: async () => {
      await stopEmbedded(target);
    },
  };
}
