/**
 * Health over HTTP, for probes and for Prometheus: `/healthz` (this process lives), `/readyz` (the databases are
 * fit for use) and `/metrics`. It listens on the loopback interface only, looks at the databases at most once a
 * second however often it is asked, and bounds connections and their time.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { errorCodeOf } from '../telemetry/index.js';
import { CLI_ERRORS } from './errors.js';

const HOST = '127.0.0.1';
const MOST_CONNECTIONS = 64;
const REQUEST_TIMEOUT_MS = 5_000;
const FRESH_MS = 1_000;

export interface HealthServerOptions<Report> {
  /** 0 is any that is free. */
  readonly port: number;
  readonly check: () => Promise<Report>;
  /** The body of `/readyz`. */
  readonly json: (report: Report) => string;
  readonly isReady: (report: Report) => boolean;
  /** The body of `/metrics`, read after a check. */
  readonly metrics: () => string;
  /** Ends the server; requests that are under way are answered. */
  readonly signal: AbortSignal;
  readonly onListening: (port: number) => void;
}

/** Serves until the signal. @throws CLI_PORT_TAKEN */
export async function serveHealth<Report>(options: HealthServerOptions<Report>): Promise<void> {
  const check = atMostOncePer(FRESH_MS, options.check);
  const server = createServer((request, response) => void answer(request, response, options, check));
  server.maxConnections = MOST_CONNECTIONS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = REQUEST_TIMEOUT_MS;
  await listening(server, options.port);
  options.onListening((server.address() as AddressInfo).port);
  await aborted(options.signal);
  await closed(server);
}

async function answer<Report>(
  request: IncomingMessage,
  response: ServerResponse,
  options: HealthServerOptions<Report>,
  check: () => Promise<Report>,
): Promise<void> {
  const path = request.url?.split('?')[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return reply(response, 405, 'text/plain', 'only GET is answered\n');
  }
  switch (path) {
    case '/healthz':
      return reply(response, 200, 'text/plain', 'ok\n');
    case '/readyz':
      return ready(response, options, check);
    case '/metrics':
      await check().catch(() => {});
      return reply(response, 200, 'text/plain; version=0.0.4', options.metrics());
    default:
      return reply(response, 404, 'text/plain', 'one of /healthz, /readyz, /metrics was wanted\n');
  }
}

async function ready<Report>(
  response: ServerResponse,
  { json, isReady }: HealthServerOptions<Report>,
  check: () => Promise<Report>,
): Promise<void> {
  try {
    const report = await check();
    reply(response, isReady(report) ? 200 : 503, 'application/json', `${json(report)}\n`);
  } catch (error) {
    const body = { status: 'failing', ready: false, error: errorCodeOf(error) };
    reply(response, 503, 'application/json', `${JSON.stringify(body)}\n`);
  }
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  const isText = type.startsWith('text/');
  response.writeHead(status, {
    'content-type': isText ? `${type}; charset=utf-8` : type,
    'cache-control': 'no-store',
  });
  response.end(body);
}

/** Shares one result among all who ask within that time, and while it is awaited. */
function atMostOncePer<T>(milliseconds: number, work: () => Promise<T>): () => Promise<T> {
  let latest: { readonly result: Promise<T>; endedMs: number | undefined } | undefined;
  return () => {
    const isFresh =
      latest && (latest.endedMs === undefined || performance.now() - latest.endedMs < milliseconds);
    if (latest && isFresh) {
      return latest.result;
    }
    const made: NonNullable<typeof latest> = { result: work(), endedMs: undefined };
    const ended = (): void => {
      made.endedMs = performance.now();
    };
    made.result.then(ended, ended);
    latest = made;
    return made.result;
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        CLI_ERRORS.PORT_TAKEN({
          message: `Cannot listen on ${HOST}:${port}: ${cause.code === 'EADDRINUSE' ? 'something else does' : (cause.code ?? 'no reason given')}`,
          details: { port },
          cause,
        }),
      ),
    );
    server.listen(port, HOST, resolve);
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function closed(server: Server): Promise<void> {
  const late = setTimeout(() => server.closeAllConnections(), REQUEST_TIMEOUT_MS);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
