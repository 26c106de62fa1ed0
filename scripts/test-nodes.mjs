/**
 * Runs the tests under other versions of Node, on Linux: `npm run test:nodes -- 22 24 tests/migrate`; without
 * versions under all that are supported. The package registry carries Node itself; each version is installed
 * once, into .plinth.
 */
import './tree/node-version.mjs';

const { spawnSync } = await import('node:child_process');
const { existsSync, mkdirSync, writeFileSync } = await import('node:fs');
const { delimiter, join } = await import('node:path');
const { pathInTree, ROOT } = await import('./tree/root.mjs');

const given = process.argv.slice(2);
const asked = given.filter((argument) => /^\d/.test(argument));
const versions = asked.length > 0 ? asked : ['20', '22', '24', '26'];
const tests = given.filter((argument) => !asked.includes(argument));
const failed = versions.filter((version) => testUnder(version) !== 0);
console.log(
  failed.length === 0 ? `Passed on Node ${versions.join(', ')}.` : `Failed on Node ${failed.join(', ')}.`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

/** @param {string} version */
function testUnder(version) {
  const PATH = `${binariesOf(version)}${delimiter}${process.env.PATH}`;
  console.log(`\nNode ${version}`);
  return run('npm', ['test', '--', ...tests], { PATH });
}

/**
 * The folder of that Node's `bin`, installed where it is not there yet.
 * @param {string} version
 */
function binariesOf(version) {
  const folder = pathInTree(`.plinth/nodes/${version}`);
  const binaries = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin`);
  if (!existsSync(binaries)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const name = `node-${process.platform}-${process.arch}@${version}`;
    if (
      run('npm', ['install', '--prefix', folder, name, '--no-audit', '--no-fund', '--loglevel=error']) !== 0
    ) {
      console.error(`Cannot install Node ${version}: the registry has no ${name}.`);
      process.exit(3);
    }
  }
  return binaries;
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [environment]
 */
function run(program, args, environment = {}) {
  return spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...environment } })
    .status;
}
