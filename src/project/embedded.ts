import {
  type EmbeddedServer,
  type EmbeddedStatus,
  embeddedStatus,
  runEmbedded,
  startEmbedded,
  stopEmbedded,
} from '../database/index.js';
import type { ProjectContext } from './context.js';

/** The embedded PostgreSQL of a project. It runs until it is stopped, whoever started it. */
export interface EmbeddedCalls {
  /** Starts it, or finds it running. */
  start(options?: { readonly port?: number }): Promise<EmbeddedServer>;
  /** Starts it, calls `onReady`, and stops it when the project's signal aborts. */
  run(options: {
    readonly port?: number;
    readonly signal: AbortSignal;
    readonly onReady?: (server: EmbeddedServer) => void;
  }): Promise<void>;
  /** Stops it; false when it did not run. */
  stop(): Promise<boolean>;
  /** What it is doing; starts nothing. */
  status(): Promise<EmbeddedStatus>;
}

export function embeddedCalls(context: ProjectContext): EmbeddedCalls {
  const projectDir = context.config.root;
  const configured = context.config.settings.embedded.port;
  const common = (port: number | undefined) => {
    const chosen = port ?? configured;
    return {
      projectDir,
      onProgress: context.onProgress,
      ...(chosen === undefined ? {} : { port: chosen }),
    };
  };
  return {
    start: (options = {}) =>
      startEmbedded({ ...common(options.port), ...(context.signal ? { signal: context.signal } : {}) }),
    run: ({ port, signal, onReady }) =>
      runEmbedded({ ...common(port), signal, ...(onReady ? { onReady } : {}) }),
    stop: () => stopEmbedded({ projectDir }),
    status: () => embeddedStatus({ projectDir }),
  };
}
