/** Makes the tree ready to run: installs and builds what is missing or out of date, and nothing else. */
import './tree/node-version.mjs';

const { makeReady } = await import('./tree/ready.mjs');
await makeReady();
