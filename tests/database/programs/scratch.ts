/**
 * A process of its own for the tests of throwaway servers: `node scratch.js wait|exit|interrupt` starts one, prints
 * its process id and connection string, and waits to be killed, ends without closing it, or closes it when told to
 * stop.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { openScratch } from '../../../src/database/index.js';

const stop = new AbortController();
if (process.argv[2] === 'interrupt') {
  process.once('SIGINT', () => stop.abort());
}
const server = await openScratch();
const made = await server.createDatabase();
process.stdout.write(`${JSON.stringify({ url: made.database.url })}\n`);
if (process.argv[2] === 'exit') {
  process.exit(0);
}
await sleep(60_000, undefined, { signal: stop.signal }).catch(() => {});
await server.close();
