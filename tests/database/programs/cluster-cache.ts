/**
 * A process of its own for the tests of the cluster cache, with the data folder that it is told: `keep` keeps it;
 * `take` takes it until there is a file `<data folder>-done`, and once more, and prints how often what it took was
 * whole, and how often there was nothing.
 */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { cachedCluster } from '../../../src/database/embedded/cluster-cache.js';

const [command, dataDir] = process.argv.slice(2) as [string, string];
const cached = cachedCluster({ major: 18, version: '18.0', folder: '/programs' }, ['made']);

if (command === 'keep') {
  cached.keep(dataDir, 'password');
} else {
  process.stdout.write('.');
  const wanted = readdirSync(dataDir, { recursive: true }).length;
  const counts = { whole: 0, none: 0, torn: 0 };
  for (let isLast = false; !isLast; ) {
    isLast = existsSync(`${dataDir}-done`);
    const taken = `${dataDir}-${process.pid}`;
    if (cached.take(taken) === undefined) {
      counts.none += 1;
    } else {
      counts[readdirSync(taken, { recursive: true }).length === wanted ? 'whole' : 'torn'] += 1;
    }
    rmSync(taken, { recursive: true, force: true });
  }
  process.stdout.write(JSON.stringify(counts));
}
