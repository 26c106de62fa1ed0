/** A worker as a process of its own: works marks off until it is killed. <database url> <folder with the declarations> */
import { openDatabase, withSession } from '../../../src/database/index.js';
import { readRollups, refreshRollups } from '../../../src/usage/index.js';

const [url, root] = process.argv.slice(2);
const rollups = readRollups(root!);

await withSession(
  openDatabase(url!),
  async (session) => {
    for (;;) {
      await refreshRollups(session, { rollups });
      await new Promise((settle) => setTimeout(settle, 5));
    }
  },
  { applicationName: 'storm worker' },
);
