/**
 * The protocol's cancel request: a connection of its own that says nothing but which session is meant and its key, and
 * that the server closes when it has done so. It needs no password and no free session, and reaches the right server
 * process through a proxy. Source: PostgreSQL manual, "Canceling Requests in Progress".
 */
import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type pg from 'pg';

const ANSWER_WITHIN_MS = 5_000;

/** What the driver's types leave out. */
interface Wire {
  readonly connection: EventEmitter & {
    readonly stream: Duplex;
    readonly ssl: unknown;
    connect(port: number | string, host?: string): void;
    requestSsl(): void;
    cancel(processId: number, secretKey: number): void;
  };
  readonly host: string;
  readonly port: number;
  readonly processID: number;
  readonly secretKey: number;
}

/**
 * Asks the server to cancel what runs in the session of `client`; settles when the server has passed it on.
 * @param unused a client of the same server that is not connected: its settings for the network and TLS are taken
 */
export function requestCancel(client: pg.Client, unused: pg.Client): Promise<void> {
  const { processID, secretKey } = client as unknown as Wire;
  const { connection, host, port } = unused as unknown as Wire;
  return new Promise((resolve, reject) => {
    let isSent = false;
    const timer = setTimeout(() => {
      connection.stream.destroy(new Error('timeout expired'));
    }, ANSWER_WITHIN_MS);
    const send = (): void => {
      connection.cancel(processID, secretKey);
      isSent = true;
    };
    connection.on('connect', () => {
      if (connection.ssl) {
        connection.requestSsl();
      } else {
        send();
      }
    });
    connection.on('sslconnect', send);
    connection.on('error', (error) => {
      clearTimeout(timer);
      // A server that has read the request may drop the connection without a goodbye.
      if (isSent && (error as NodeJS.ErrnoException).code === 'ECONNRESET') {
        resolve();
      } else {
        connection.stream.destroy();
        reject(error as Error);
      }
    });
    connection.on('end', () => {
      clearTimeout(timer);
      resolve();
    });
    if (host.startsWith('/')) {
      connection.connect(`${host}/.s.PGSQL.${port}`);
    } else {
      connection.connect(port, host);
    }
  });
}
