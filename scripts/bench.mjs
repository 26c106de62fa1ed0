/**
 * Runs a benchmark: `npm run bench -- <name> [flags]`; without a name, lists them. A benchmark is a file
 * `bench/<name>.ts` that exports `summary`, one line, and a default async function that takes the flags.
 */
import './tree/node-version.mjs';

const { makeReady } = await import('./tree/ready.mjs');
const { compileBenches, benchNames, loadBench } = await import('./tree/benches.mjs');

await makeReady();
await compileBenches();
const [name, ...flags] = process.argv.slice(2);
if (name === undefined) {
  await list();
} else if (benchNames().includes(name)) {
  const bench = await loadBench(name);
  await bench.default(flags);
} else {
  console.error(`Cannot run the benchmark ${name}: there is no bench/${name}.ts (npm run bench lists them).`);
  process.exitCode = 2;
}

async function list() {
  console.log('npm run bench -- <name> [flags]\n');
  for (const each of benchNames()) {
    const { summary } = await loadBench(each);
    console.log(`  ${each.padEnd(20)} ${summary}`);
  }
}
