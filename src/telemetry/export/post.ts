/** One OTLP request: sent, tried again where the collector asks for it, and given up in time. */
import { readFileSync } from 'node:fs';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Destination } from './otlp-settings.js';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Answers after which the same request may be sent again. Source: OTLP specification, "Failures". */
const PASSING = new Set([429, 502, 503, 504]);

/**
 * Sends `body`. Unlike a busy collector, one that cannot be connected to is not tried again: what waits there is
 * the end of a command.
 * @throws Error whose message names no secret
 */
export async function post(destination: Destination, body: Uint8Array, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + destination.timeoutMs;
  for (let attempt = 0; ; attempt += 1) {
    const leftMs = Math.max(1, deadline - performance.now());
    const answer = await send(
      destination,
      body,
      AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(leftMs))]),
    );
    if (answer.status >= 200 && answer.status < 300) {
      return;
    }
    const pauseMs = answer.retryAfterMs ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
    if (!PASSING.has(answer.status) || performance.now() + pauseMs > deadline) {
      throw new Error(`the collector at ${destination.url.host} answers with ${answer.status}`);
    }
    await sleep(pauseMs, undefined, { signal });
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfterMs: number | undefined;
}

function send(destination: Destination, body: Uint8Array, signal: AbortSignal): Promise<Answer> {
  const { url } = destination;
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...optionsOf(destination), signal }, (response) => {
      response.resume();
      response.on('error', fail);
      response.on('end', () => resolve(answerOf(response.statusCode ?? 0, response.headers['retry-after'])));
    });
    const fail = (cause: NodeJS.ErrnoException): void =>
      reject(new Error(`the collector at ${url.host} ${reasonOf(cause)}`, { cause }));
    sent.on('error', fail);
    sent.end(destination.gzip ? gzipSync(body) : body);
  });
}

function optionsOf(destination: Destination): RequestOptions & Record<string, unknown> {
  const { certificate, clientCertificate, clientKey } = destination;
  return {
    method: 'POST',
    // A connection of its own: nothing is left open that would keep the process alive.
    agent: false,
    headers: {
      ...destination.headers,
      'content-type': destination.encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      ...(destination.gzip ? { 'content-encoding': 'gzip' } : {}),
    },
    ...(certificate ? { ca: readFileSync(certificate) } : {}),
    ...(clientCertificate ? { cert: readFileSync(clientCertificate) } : {}),
    ...(clientKey ? { key: readFileSync(clientKey) } : {}),
  };
}

function answerOf(status: number, retryAfter: string | undefined): Answer {
  const seconds = Number(retryAfter);
  return { status, retryAfterMs: seconds > 0 ? seconds * 1000 : undefined };
}

function reasonOf({ code, name }: NodeJS.ErrnoException): string {
  if (name === 'AbortError' || name === 'TimeoutError' || code === 'ABORT_ERR') {
    return 'does not answer in time';
  }
  return `cannot be reached (${code ?? 'no reason given'})`;
}
