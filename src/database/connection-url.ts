/**
 * PostgreSQL connection strings, read with libpq's meaning: `sslmode` decides what TLS must prove, missing
 * parts come from the PG* environment variables, and a host that starts with `/` is a socket folder.
 * Source: PostgreSQL manual, "Connection Strings" and "SSL Support".
 */
import { readText } from '../core/index.js';
import { DATABASE_ERRORS } from './errors.js';

export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

const SSL_MODES: readonly string[] = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];

/** Everything needed to connect. `password` is absent where libpq would look in ~/.pgpass. */
export interface ConnectionSettings {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string;
  readonly sslMode: SslMode;
  /** PEM text of the certificate authorities to trust. */
  readonly sslRootCertificate?: string;
  readonly sslCertificate?: string;
  readonly sslKey?: string;
  readonly applicationName?: string;
  /** Server settings in libpq's `options` form, e.g. `-c search_path=app`. */
  readonly options?: string;
  /** Milliseconds to go on trying to connect; 10,000 unless `connect_timeout` (seconds) says otherwise. */
  readonly connectTimeoutMs: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a connection string.
 * @throws DATABASE_URL_INVALID when it is not one; the message never repeats the string's password.
 */
export function parseConnectionUrl(text: string, environment: Environment = process.env): ConnectionSettings {
  const url = parseUrl(text);
  const parameters = new Map(parametersOf(url).map(({ name, value }) => [name, decode(value)]));
  const parameter = (name: string): string | undefined => parameters.get(name);
  const user =
    decode(url.username) || parameter('user') || environment.PGUSER || environment.USER || 'postgres';
  const password = decode(url.password) || parameter('password') || environment.PGPASSWORD;
  const sslMode = parameter('sslmode') ?? environment.PGSSLMODE ?? defaultSslMode(parameter('sslrootcert'));
  if (!SSL_MODES.includes(sslMode)) {
    throw invalid(`sslmode is '${sslMode}' (one of ${SSL_MODES.join(', ')} was wanted)`);
  }
  const port = Number(parameter('port') || url.port || environment.PGPORT || 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw invalid('its port is not a number from 1 to 65535');
  }
  const file = (name: string, variable: string): string | undefined => {
    const path = parameter(name) ?? environment[variable];
    return path && path !== 'system' ? readText(path) : undefined;
  };
  const timeoutSeconds = Number(parameter('connect_timeout') ?? environment.PGCONNECT_TIMEOUT ?? 10);
  return {
    host: parameter('host') || hostOf(url) || environment.PGHOST || 'localhost',
    port,
    database: decode(url.pathname.slice(1)) || parameter('dbname') || environment.PGDATABASE || user,
    user,
    ...defined({
      password,
      sslRootCertificate: file('sslrootcert', 'PGSSLROOTCERT'),
      sslCertificate: file('sslcert', 'PGSSLCERT'),
      sslKey: file('sslkey', 'PGSSLKEY'),
      applicationName: parameter('application_name') ?? environment.PGAPPNAME,
      options: parameter('options') ?? environment.PGOPTIONS,
    }),
    sslMode: sslMode as SslMode,
    connectTimeoutMs: timeoutSeconds > 0 ? timeoutSeconds * 1000 : 10_000,
  };
}

/** As in libpq: who names the system's certificate authorities wants the server's name verified. */
function defaultSslMode(sslRootCertificate: string | undefined): SslMode {
  return sslRootCertificate === 'system' ? 'verify-full' : 'prefer';
}

const SECRET_PARAMETERS: readonly string[] = ['password', 'sslpassword', 'sslkey', 'passfile'];

/** The connection string without its password and other secrets, fit for messages and logs. */
export function redactUrl(text: string): string {
  try {
    const url = parseUrl(text);
    if (url.password) {
      url.password = '***';
    }
    const shown = parametersOf(url).map(({ name, value }) => ({
      name,
      value: SECRET_PARAMETERS.includes(name) ? '***' : value,
    }));
    return textOf(url, shown);
  } catch {
    return '(not a connection string)';
  }
}

/** The same connection string, naming another database of the same server. */
export function withDatabaseName(text: string, database: string): string {
  const url = parseUrl(text);
  url.pathname = `/${encodeURIComponent(database)}`;
  return textOf(
    url,
    parametersOf(url).filter(({ name }) => name !== 'dbname'),
  );
}

/** Stands for a host that is left out: URL refuses a user name without one. */
const NO_HOST = '_';

function parseUrl(text: string): URL {
  const withHost = text.replace(/^(postgres(?:ql)?:\/\/(?:[^@/?]*@|(?=:)))(?=[:/?]|$)/, `$1${NO_HOST}`);
  let url: URL;
  try {
    url = new URL(withHost);
  } catch {
    throw invalid('it cannot be read as a URL (are special characters in the password percent-encoded?)');
  }
  if (url.protocol !== 'postgresql:' && url.protocol !== 'postgres:') {
    throw invalid(`its scheme is '${url.protocol.slice(0, -1)}' (postgresql was wanted)`);
  }
  return url;
}

function hostOf(url: URL): string {
  return url.hostname === NO_HOST ? '' : decode(url.hostname).replace(/^\[|\]$/g, '');
}

/** A parameter of the query, its value still percent-encoded. */
interface UrlParameter {
  readonly name: string;
  readonly value: string;
}

/** Read by hand: libpq decodes percent signs only, URLSearchParams also takes `+` for a space. */
function parametersOf(url: URL): readonly UrlParameter[] {
  const pieces = url.search.slice(1).split('&');
  return pieces.filter(Boolean).map((piece) => {
    const [name, ...value] = piece.split('=');
    return { name: decode(name!), value: value.join('=') };
  });
}

function textOf(url: URL, parameters: readonly UrlParameter[]): string {
  const query = parameters.map(({ name, value }) => `${encodeURIComponent(name)}=${value}`).join('&');
  url.search = query;
  return url.toString().replace(new RegExp(`^([a-z]+://(?:[^@/?]*@)?)${NO_HOST}(?=[:/?]|$)`), '$1');
}

function invalid(reason: string): Error {
  return DATABASE_ERRORS.URL_INVALID({ message: `Cannot read the connection string: ${reason}` });
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
