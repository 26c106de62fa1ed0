/**
 * Ends the process with one clear line when Node is older than package.json asks for. Imported before anything
 * else is loaded, and written so that an old Node can read it.
 */
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const wanted = engines.node.replace('>=', '');
const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
  console.error(`Cannot run on Node ${process.versions.node}: Node ${wanted} or newer is needed.`);
  process.exit(3);
}
