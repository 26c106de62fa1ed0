/**
 * Runs `plinth` from a clone: `node scripts/run.mjs quickstart --trace FILE`. Installs and builds what is
 * missing first, then runs the command in this same process, so that signals and the exit code are its own.
 */
import './tree/node-version.mjs';

const { makeReady } = await import('./tree/ready.mjs');
const { pathInTree } = await import('./tree/root.mjs');
const { pathToFileURL } = await import('node:url');

await makeReady();
const main = pathInTree('dist/cli/main.js');
process.argv[1] = main;
await import(pathToFileURL(main).href);
