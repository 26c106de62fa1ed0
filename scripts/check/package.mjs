/**
 * The package as its users get it: packed, linted by publint, installed into an empty project, imported, its
 * types compiled against, and its command run.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathInTree } from '../tree/root.mjs';
import { runCommand } from './command.mjs';

/** Files that every user needs, and patterns of files that none does. */
const NEEDED = [
  'package.json',
  'README.md',
  'LICENSE',
  'dist/cli/main.js',
  'dist/index.js',
  'dist/index.d.ts',
];
const UNWANTED = [
  /^tests\//,
  /^bench\//,
  /^scripts\//,
  /\.tsbuildinfo$/,
  /\.map$/,
  /\.built-from$/,
  /(^|\/)\.plinth\//,
];

/** @typedef {import('./command.mjs').Outcome} Outcome */

/** @returns {Promise<Outcome>} */
export async function checkPackage() {
  // The space is meant: users have folders like that.
  const folder = mkdtempSync(join(tmpdir(), 'plinth package-'));
  try {
    return await firstFailure([
      () => pack(folder),
      () => lint(folder),
      () => install(folder),
      () => importIt(folder),
      () => compileAgainstIt(folder),
      () => runIt(folder),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {readonly (() => Promise<Outcome>)[]} steps
 * @returns {Promise<Outcome>}
 */
async function firstFailure(steps) {
  for (const step of steps) {
    const outcome = await step();
    if (!outcome.passed) {
      return outcome;
    }
  }
  return { passed: true, output: '' };
}

/**
 * @param {string} folder
 * @returns {Promise<Outcome>}
 */
async function pack(folder) {
  const outcome = await runCommand('npm pack --json --ignore-scripts --loglevel=error --pack-destination', {
    more: [folder],
  });
  if (!outcome.passed) {
    return outcome;
  }
  /** @type {string[]} */
  const paths = JSON.parse(outcome.output)[0].files.map((/** @type {{ path: string }} */ { path }) => path);
  const problems = [
    ...NEEDED.filter((path) => !paths.includes(path)).map((path) => `${path} is not in the package`),
    ...paths
      .filter((path) => UNWANTED.some((pattern) => pattern.test(path)))
      .map((path) => `${path} has no place in the package`),
  ];
  return { passed: problems.length === 0, output: problems.join('\n') };
}

/** @param {string} folder */
function lint(folder) {
  return runCommand('publint run --strict', { more: [join(folder, tarballIn(folder))] });
}

/** @param {string} folder */
function install(folder) {
  writeFileSync(join(folder, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n');
  // Without the optional dependencies: the package must load where the embedded PostgreSQL is not there.
  return runCommand(
    `npm install ./${tarballIn(folder)} --omit=optional --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error`,
    { cwd: folder },
  );
}

/** @param {string} folder */
function importIt(folder) {
  writeFileSync(
    join(folder, 'consumer.js'),
    `import { open } from 'plinth';\nif (typeof open !== 'function') throw new Error('plinth has no open()');\n`,
  );
  return runCommand('node consumer.js', { cwd: folder });
}

/** @param {string} folder */
function compileAgainstIt(folder) {
  writeFileSync(
    join(folder, 'consumer.ts'),
    `import { open } from 'plinth';\nexport const opened: ReturnType<typeof open> = open({});\n`,
  );
  return runCommand('tsc --noEmit --strict --module nodenext --target es2023 --types node --typeRoots', {
    cwd: folder,
    more: [pathInTree('node_modules/@types'), 'consumer.ts'],
  });
}

/** @param {string} folder */
async function runIt(folder) {
  const { version } = JSON.parse(readFileSync(pathInTree('package.json'), 'utf8'));
  // npm may warn of a setting of the machine's before.
  const outcome = await runCommand('npx --no-install plinth --version', { cwd: folder });
  const printed = outcome.output.trim().split('\n').at(-1);
  return { passed: outcome.passed && printed === version, output: outcome.output };
}

/** @param {string} folder */
function tarballIn(folder) {
  return readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
}
