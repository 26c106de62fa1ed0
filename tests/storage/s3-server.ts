/** A real S3 server, which checks signatures, and a proxy before it that fails or adds what that server lacks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';

/** The credentials that the server knows. */
export const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

export interface S3Server {
  readonly port: number;
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Starts the server with empty buckets of these names. */
export async function startS3(...buckets: readonly string[]): Promise<S3Server> {
  const directory = mkdtempSync(join(tmpdir(), 'plinth-s3-'));
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: buckets.map((name) => ({ name })),
  });
  const { port } = await server.run();
  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export interface Proxy {
  readonly endpoint: string;
  /** The methods of the requests that came, in order. */
  readonly requests: readonly string[];
  close(): void;
}

export interface ProxyOptions {
  /** Answer so many requests with 503 first. */
  readonly failing?: number;
  /** Refuse, as S3 does, to overwrite with `If-None-Match: *`. */
  readonly conditional?: boolean;
  /** Refuse the header itself, as some stores do. */
  readonly withoutConditions?: boolean;
}

/**
 * Passes requests on as they are, their signed host included, and one after another: the server behind it answers a read
 * with half of what is being written, which S3 does not.
 */
export async function startProxy({ port }: S3Server, options: ProxyOptions): Promise<Proxy> {
  const requests: string[] = [];
  const written = new Set<string>();
  let turn: Promise<void> = Promise.resolve();
  const server: Server = createServer((incoming, answer) => {
    requests.push(incoming.method!);
    const isConditional = incoming.headers['if-none-match'] === '*';
    const refuse = (status: number, code: string): void => {
      incoming.resume().once('end', () => {
        answer.writeHead(status, { 'content-type': 'application/xml' });
        answer.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`);
      });
    };
    if (requests.length <= (options.failing ?? 0)) {
      return refuse(503, 'SlowDown');
    }
    if (isConditional && options.withoutConditions) {
      return refuse(501, 'NotImplemented');
    }
    if (isConditional && options.conditional && written.has(incoming.url!)) {
      return refuse(412, 'PreconditionFailed');
    }
    if (incoming.method === 'PUT') {
      written.add(incoming.url!);
    }
    const { method, url, headers } = incoming;
    turn = turn.then(
      () =>
        new Promise((done) => {
          const onward = request({ host: '127.0.0.1', port, method, path: url, headers }, (response) => {
            answer.writeHead(response.statusCode!, response.headers);
            response.pipe(answer);
          });
          onward.once('error', (error) => answer.destroy(error));
          answer.once('close', done);
          incoming.pipe(onward);
        }),
    );
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port: own } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${own}`, requests, close: () => server.close() };
}
