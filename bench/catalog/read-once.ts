/** The program that is measured: reads the schema of the database it is given, then compares it with itself. */
import { diff, fingerprint, readSchema } from '../../src/catalog/index.js';
import { openDatabase, withSession } from '../../src/database/index.js';
import type { ReaderReport } from './processes.js';

const model = await withSession(openDatabase(process.argv[2]!), (session) => readSchema(session));
const megabytes = process.resourceUsage().maxRSS / 1024;
const report: ReaderReport = {
  megabytes,
  fingerprintSeconds: secondsOf(() => fingerprint(model)),
  diffSeconds: secondsOf(() => diff(model, structuredClone(model))),
};
console.log(JSON.stringify(report));

function secondsOf(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}
