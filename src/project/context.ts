/** What every call of a project shares: its configuration, and how its targets' databases are reached. */
import { hostname, userInfo } from 'node:os';
import { type Config, loadConfig, targetSettings } from '../config/index.js';
import { type OnProgress, silent } from '../core/index.js';
import {
  type Database,
  type EmbeddedServer,
  embeddedUrl,
  ensureDatabase,
  openDatabase,
  startEmbedded,
  withDatabaseName,
} from '../database/index.js';
import { PROJECT_ERRORS } from './errors.js';

export interface OpenOptions {
  /** Where to look for `plinth.yaml`, then in each folder above. The working folder unless given. */
  readonly cwd?: string;
  /** The configuration file itself. */
  readonly config?: string;
  /** A connection string that every target uses instead of its own. */
  readonly url?: string;
  /** Told how long work goes on; nothing is printed without it. */
  readonly onProgress?: OnProgress;
  /** Aborting it undoes what is under way and ends the call. */
  readonly signal?: AbortSignal;
  /**
   * Send spans and metrics where plinth.yaml or the OTEL_ variables say, as the command line does. An application
   * with an OpenTelemetry SDK of its own leaves it out: its SDK gets them. See also `telemetry.start`.
   */
  readonly sendTelemetry?: boolean;
  /** The environment that `${NAME}`, PLINTH_URL and OTEL_ variables are read from. `process.env` unless given. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface ProjectContext {
  readonly config: Config;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal | undefined;
  /** Who runs this and where, for the ledger: operating-system user@host (process). */
  readonly client: string;
  /** The database of a target, the embedded server started if it is needed. @throws CONFIG_TARGET_UNKNOWN */
  databaseOf(target: string): Promise<Database>;
  /** The same, for a look that starts and makes nothing. @throws PROJECT_SERVER_STOPPED */
  existingDatabaseOf(target: string): Promise<Database>;
  /** The calls that do something send telemetry. */
  readonly sendsTelemetry: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The embedded server, if a call of this project has needed it. */
  embedded(): EmbeddedServer | undefined;
  /** True when the target has neither a url of its own nor PLINTH_URL: the embedded server serves it. */
  usesEmbedded(target: string): boolean;
}

/** @throws CONFIG_NOT_FOUND and the other errors of reading the configuration */
export function openContext(options: OpenOptions): ProjectContext {
  const environment = options.environment ?? process.env;
  const config = loadConfig({
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.config ? { path: options.config } : {}),
    environment,
  });
  const onProgress = options.onProgress ?? silent;
  const urlOf = (target: string): string | undefined =>
    options.url ?? targetSettings(config, target).url ?? (environment.PLINTH_URL || undefined);
  let server: Promise<EmbeddedServer> | undefined;
  let running: EmbeddedServer | undefined;
  const start = async (): Promise<EmbeddedServer> => {
    const { port } = config.settings.embedded;
    server ??= startEmbedded({
      projectDir: config.root,
      onProgress,
      ...(port === undefined ? {} : { port }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    running = await server;
    return running;
  };
  return {
    config,
    onProgress,
    signal: options.signal,
    client: `${userInfo().username}@${hostname()} (${process.pid})`,
    databaseOf: async (target) => {
      const url = urlOf(target);
      return openDatabase(url ?? (await madeUrl(await start(), config.settings.embedded.database)));
    },
    existingDatabaseOf: async (target) => {
      const url = urlOf(target) ?? (await runningUrl(config.root, config.settings.embedded.database));
      return openDatabase(url);
    },
    sendsTelemetry: options.sendTelemetry ?? false,
    environment,
    embedded: () => running,
    usesEmbedded: (target) => urlOf(target) === undefined,
  };
}

/** The connection string of the embedded server's database of that name, where the server runs. */
async function runningUrl(projectDir: string, database: string): Promise<string> {
  const url = await embeddedUrl({ projectDir });
  if (url === undefined) {
    throw PROJECT_ERRORS.SERVER_STOPPED({
      message: 'Cannot look at the embedded PostgreSQL: it does not run',
    });
  }
  return withDatabaseName(url, database);
}

/** The connection string of the embedded server's database of that name, made if need be. */
async function madeUrl(server: EmbeddedServer, database: string): Promise<string> {
  const url = withDatabaseName(server.url, database);
  if (url !== server.url) {
    await ensureDatabase(server.url, database);
  }
  return url;
}
