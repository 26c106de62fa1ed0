/** PostgreSQL 15 or newer, over the `pg` driver. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isPlinthError } from '../core/index.js';
import { type ConnectionSettings, parseConnectionUrl, redactUrl, type SslMode } from './connection-url.js';
import { DATABASE_ERRORS } from './errors.js';
import { PostgresSession } from './postgres-session.js';
import type { Capabilities, ConnectOptions, Database, ServerInfo, Session } from './session.js';
import { failureOf, isTransientConnectFailure, sqlstateOf } from './sql-failure.js';

const OLDEST_VERSION_NUMBER = 150000;

const POSTGRES_CAPABILITIES: Capabilities = {
  transactionalDdl: true,
  advisoryLocks: true,
  copy: true,
};

/**
 * A PostgreSQL database by its connection string. Nothing is connected until `connect`.
 * @throws DATABASE_URL_INVALID
 */
export function postgresDatabase(url: string): Database {
  const settings = parseConnectionUrl(url);
  return {
    capabilities: POSTGRES_CAPABILITIES,
    url,
    displayUrl: redactUrl(url),
    connect: (options) => connect(settings, options ?? {}),
  };
}

/** Connects, trying again while the server starts up or is full, until the connect time-out. */
async function connect(settings: ConnectionSettings, options: ConnectOptions): Promise<Session> {
  const deadline = deadlineOf(settings, options);
  for (let delayMs = 50; ; delayMs = Math.min(delayMs * 2, 1000)) {
    try {
      return await connectOnce(settings, options, deadline);
    } catch (cause) {
      if (!isTransientConnectFailure(cause) || performance.now() + delayMs > deadline) {
        throw connectFailure(cause, settings);
      }
      await sleep(delayMs);
    }
  }
}

function deadlineOf(settings: ConnectionSettings, options: ConnectOptions): number {
  return performance.now() + (options.timeoutMs ?? settings.connectTimeoutMs);
}

async function connectOnce(
  settings: ConnectionSettings,
  options: ConnectOptions,
  deadline: number,
): Promise<Session> {
  let lastCause: unknown;
  for (const tls of tlsAttempts(settings.sslMode)) {
    const client = new pg.Client(clientConfig(settings, options, tls, deadline));
    // Losing the connection is reported by the statement that meets it; unhandled, it would end the process.
    client.on('error', () => {});
    try {
      await client.connect();
      return new PostgresSession({
        client,
        server: await serverInfo(client, settings),
        capabilities: POSTGRES_CAPABILITIES,
        secondClient: () =>
          new pg.Client(clientConfig(settings, options, tls, deadlineOf(settings, options))),
      });
    } catch (cause) {
      client.end().catch(() => {});
      lastCause = cause;
      if (!isAboutTls(cause)) {
        break;
      }
    }
  }
  throw lastCause;
}

/** Whether to use TLS, in the order to try: libpq's `prefer` falls back to plain, `allow` the other way. */
function tlsAttempts(mode: SslMode): readonly boolean[] {
  switch (mode) {
    case 'disable':
      return [false];
    case 'allow':
      return [false, true];
    case 'prefer':
      return [true, false];
    default:
      return [true];
  }
}

function clientConfig(
  settings: ConnectionSettings,
  options: ConnectOptions,
  tls: boolean,
  deadline: number,
): pg.ClientConfig {
  return {
    host: settings.host,
    port: settings.port,
    user: settings.user,
    database: settings.database,
    ...(settings.password === undefined ? {} : { password: settings.password }),
    ...(settings.options === undefined ? {} : { options: settings.options }),
    application_name: options.applicationName ?? settings.applicationName ?? 'plinth',
    connectionTimeoutMillis: Math.max(1, Math.ceil(deadline - performance.now())),
    keepAlive: true,
    ssl: tls && !settings.host.startsWith('/') ? tlsConfig(settings) : false,
  };
}

function tlsConfig(settings: ConnectionSettings): NonNullable<Exclude<pg.ClientConfig['ssl'], boolean>> {
  const verify = settings.sslMode === 'verify-ca' || settings.sslMode === 'verify-full';
  return {
    // As in libpq: a root certificate that is there is used for verification, whatever the mode.
    rejectUnauthorized: verify || settings.sslRootCertificate !== undefined,
    ...(settings.sslMode === 'verify-full' ? {} : { checkServerIdentity: () => undefined }),
    ...(settings.sslRootCertificate ? { ca: settings.sslRootCertificate } : {}),
    ...(settings.sslCertificate ? { cert: settings.sslCertificate } : {}),
    ...(settings.sslKey ? { key: settings.sslKey } : {}),
  };
}

async function serverInfo(client: pg.Client, settings: ConnectionSettings): Promise<ServerInfo> {
  const { rows } = await client.query<{
    version_number: number;
    version: string;
    database: string;
    user: string;
    process_id: number;
  }>(
    `select current_setting('server_version_num')::int as version_number,
            current_setting('server_version') as version,
            current_database() as database,
            current_user as user,
            pg_backend_pid() as process_id`,
  );
  const row = rows[0]!;
  if (row.version_number < OLDEST_VERSION_NUMBER) {
    throw DATABASE_ERRORS.TOO_OLD({
      message: `Cannot use the server at ${settings.host}:${settings.port}: it is PostgreSQL ${row.version} (15 or newer was wanted)`,
      details: { version: row.version },
    });
  }
  return {
    versionNumber: row.version_number,
    version: row.version.split(' ')[0]!,
    database: row.database,
    user: row.user,
    processId: row.process_id,
  };
}

/** The coded error for a connection that could not be made. */
function connectFailure(cause: unknown, settings: ConnectionSettings): unknown {
  if (isPlinthError(cause)) {
    return cause;
  }
  const { host, port, database, user, sslMode } = settings;
  const place = `${host}:${port}`;
  const reason = failureOf(cause).message;
  const sqlstate = sqlstateOf(cause);
  const fields = { details: { host, port, database, user, sqlstate }, cause };
  if (isAboutTls(cause)) {
    return DATABASE_ERRORS.TLS_FAILED({
      message: `Cannot connect to ${place} with sslmode=${sslMode}: ${reason}`,
      ...fields,
    });
  }
  if (sqlstate === '28P01' || sqlstate === '28000' || isMissingPassword(cause)) {
    return DATABASE_ERRORS.CREDENTIALS_REFUSED({
      message: `Cannot connect to ${place} as '${user}': the server refuses these credentials`,
      ...fields,
    });
  }
  if (sqlstate === '3D000') {
    return DATABASE_ERRORS.NOT_FOUND({
      message: `Cannot connect to ${place}: it has no database '${database}'`,
      ...fields,
    });
  }
  return DATABASE_ERRORS.UNREACHABLE({ message: `Cannot connect to ${place}: ${reason}`, ...fields });
}

function isMissingPassword(cause: unknown): boolean {
  return cause instanceof Error && /password must be a/.test(cause.message);
}

/**
 * Whether TLS, or the lack of it, is the reason: the handshake failed, the server has none, or its access rules
 * tell connections with and without encryption apart.
 */
function isAboutTls(cause: unknown): boolean {
  if (cause instanceof pg.DatabaseError) {
    return cause.code === '28000' && /(no|SSL|GSS) encryption$/.test(cause.message);
  }
  if (!(cause instanceof Error)) {
    return false;
  }
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return (
    /SSL connection/.test(cause.message) ||
    /^(ERR_(TLS|SSL|OSSL)|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH)/.test(code)
  );
}
