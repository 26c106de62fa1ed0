/**
 * Seals a day, or removes what was replaced, as a process of its own, and is killed before a step.
 * <database url> <store folder> <work folder> <day, or 'remove'> <step, or 'never'>
 */
import { openDatabase, withSession } from '../../../src/database/index.js';
import { folderStore } from '../../../src/storage/index.js';
import { removeReplacedSegments, sealUsageDay } from '../../../src/usage/index.js';

const [url, storeFolder, workFolder, day, killAt] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const store = folderStore(storeFolder);

async function onStep(step: string): Promise<void> {
  if (step === killAt) {
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  }
}

await withSession(
  openDatabase(url),
  async (session) => {
    if (day === 'remove') {
      await removeReplacedSegments(session, { store, graceMs: 0, onStep });
    } else {
      await sealUsageDay(session, day, { store, workFolder, onStep });
    }
  },
  { applicationName: 'history worker', timeoutMs: 120_000 },
);
