/**
 * Proofs: how long a project of 300 migrations takes, and one migration from a cold start of the command line.
 *
 *   npm run bench -- prove [--migrations 300] [--corpus openmeter]
 *
 * openmeter's migrations are proven instead of made ones where --corpus says so and PLINTH_CORPORA names a folder that
 * has them.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type MigrationFolder, readFolder } from '../src/migrate/index.js';
import { generatedRows, prove as proveAll } from '../src/prove/index.js';
import { history } from './prove/history.js';

export const summary = 'a project of 300 migrations proven, and one migration from a cold start';

/** See docs/benchmarks.md. */
const MOST_SECONDS_A_MIGRATION = 0.2;
const MOST_SECONDS_COLD = 2;

export default async function prove(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: { migrations: { type: 'string', default: '300' }, corpus: { type: 'string' } },
  });
  const folder = folderOf(values.corpus, Number(values.migrations));
  const versions = folder.migrations.filter(({ kind }) => kind === 'versioned').map(({ version }) => version);
  const load = loadavg()[0]!.toFixed(1);
  console.log(
    `${versions.length} migrations, ${availableParallelism()} cores, load ${load} before the start\n`,
  );
  const proof = await proveAll({ target: 'bench', folder, versions, filler: generatedRows() });
  const seconds = proof.durationMs / 1000;
  const each = seconds / versions.length;
  console.log(
    `all: ${seconds.toFixed(1)} s, ${each.toFixed(3)} s a migration; ${JSON.stringify(proof.counts)}`,
  );
  const cold = coldSeconds();
  console.log(`one, from a cold start of the command line: ${cold.toFixed(2)} s`);
  const misses = [
    ...(each > MOST_SECONDS_A_MIGRATION
      ? [`${each.toFixed(3)} s a migration (${MOST_SECONDS_A_MIGRATION})`]
      : []),
    ...(cold > MOST_SECONDS_COLD ? [`${cold.toFixed(2)} s for one (${MOST_SECONDS_COLD})`] : []),
  ];
  console.log(misses.length === 0 ? 'All within bounds.' : `Out of bounds:\n- ${misses.join('\n- ')}`);
  process.exitCode = misses.length === 0 ? 0 : 1;
}

function folderOf(corpus: string | undefined, migrations: number): MigrationFolder {
  const corpora = process.env.PLINTH_CORPORA;
  return corpus === undefined || corpora === undefined
    ? history(migrations)
    : readFolder({ path: join(corpora, corpus, 'tools/migrate/migrations') });
}

/** The newest of the foundation's migrations, by the command as a person runs it; the median of three. */
function coldSeconds(): number {
  const times = [1, 2, 3].map(() => {
    const startedMs = performance.now();
    const { status } = spawnSync(
      process.execPath,
      ['dist/cli/main.js', 'prove', '--target', 'operational', '202611210633', '--quiet'],
      { stdio: 'ignore' },
    );
    if (status !== 0) {
      throw new Error(`plinth prove ended with ${status}`);
    }
    return (performance.now() - startedMs) / 1000;
  });
  return times.sort((a, b) => a - b)[1]!;
}
