/** A TCP proxy that can cut connections where a network would: in the middle of a message, or all at once. */
import { createServer, connect as openSocket, type Socket } from 'node:net';

export interface TcpProxy {
  readonly port: number;
  /** Passes on half of the next bytes that a client sends, then drops its connection. */
  cutNextRequest(): void;
  /** Passes on half of the next bytes that the server sends, then drops that connection. */
  cutNextAnswer(): void;
  /** Drops every connection, as the end of the client's process does. */
  dropAll(): void;
  close(): Promise<void>;
}

export async function startTcpProxy(host: string, port: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let armed: 'request' | 'answer' | undefined;
  const server = createServer((client) => {
    const upstream = openSocket({ host, port });
    const drop = (): void => {
      for (const socket of [client, upstream]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    const relay = (from: Socket, to: Socket, cutsOn: 'request' | 'answer'): void => {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (chunk) => {
        if (armed !== cutsOn) {
          to.write(chunk);
          return;
        }
        armed = undefined;
        from.removeAllListeners('data');
        to.write(chunk.subarray(0, Math.floor(chunk.length / 2)), drop);
      });
      from.on('error', drop);
      from.on('close', drop);
    };
    relay(client, upstream, 'request');
    relay(upstream, client, 'answer');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as { port: number }).port,
    cutNextRequest: () => {
      armed = 'request';
    },
    cutNextAnswer: () => {
      armed = 'answer';
    },
    dropAll: () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      sockets.clear();
    },
    close: () =>
      new Promise((closed) => {
        for (const socket of sockets) {
          socket.destroy();
        }
        server.close(() => closed());
      }),
  };
}
