/** Ports on the loopback address. */
import { createServer } from 'node:net';
import { sha256 } from '../../core/index.js';

/** Where embedded servers look for a port: out of the way of registered services. */
const FIRST_PORT = 55_000;
const PORTS = 4_000;

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', () => settle(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => settle(true)));
  });
}

/** A free port, searched from a place that depends on `seed`, so that projects keep out of each other's way. */
export async function freePort(seed: string): Promise<number> {
  const start = Number.parseInt(sha256(seed).slice(0, 8), 16);
  for (let step = 0; step < PORTS; step += 1) {
    const port = FIRST_PORT + ((start + step) % PORTS);
    if (await isPortFree(port)) {
      return port;
    }
  }
  return FIRST_PORT;
}
