import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Clone, makeClone, runScript } from './clone.js';

const MAIN = `
import { version } from '../core/version.js';
console.log(version, ...process.argv.slice(2));
process.exitCode = 7;
`;

/** Says that it is there, and ends with code 9 a little after it is told to. */
const MAIN_THAT_WAITS = `
process.on('SIGINT', () => setTimeout(() => process.exit(9), 100));
console.log('waiting');
setTimeout(() => {}, 30_000);
`;

let clone: Clone;

beforeEach(() => {
  clone = makeClone(MAIN);
  clone.write('src/core/version.ts', "export const version: string = 'one';\n");
});

afterEach(() => clone.remove());

describe('a command run from a clone', () => {
  test('is built first, gets its arguments, and keeps its exit code', async () => {
    const { status, stdout, stderr } = await runScript(clone, [
      'scripts/run.mjs',
      'quickstart',
      '--trace',
      'a b',
    ]);
    expect({ status, stdout }).toEqual({ status: 7, stdout: 'one quickstart --trace a b\n' });
    expect(stderr).toMatch(/^Building … done in [\d.]+ s\n$/);
  });

  test('is run at once, without a word, when nothing changed', async () => {
    await runScript(clone, ['scripts/run.mjs']);
    expect(await runScript(clone, ['scripts/run.mjs'])).toEqual({ status: 7, stdout: 'one\n', stderr: '' });
  });

  test('is built again after a change', async () => {
    await runScript(clone, ['scripts/run.mjs']);
    clone.write('src/core/version.ts', "export const version: string = 'three';\n");
    expect((await runScript(clone, ['scripts/run.mjs'])).stdout).toBe('three\n');
  });

  test('is not run when it cannot be built: the errors are shown', async () => {
    clone.write('src/core/version.ts', "export const version: number = 'one';\n");
    const { status, stdout, stderr } = await runScript(clone, ['scripts/run.mjs']);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain('src/core/version.ts');
    expect(stderr).toContain('Cannot go on: building failed');
  });

  test('gets Ctrl-C and is waited for', async () => {
    clone.write('src/cli/main.ts', MAIN_THAT_WAITS);
    const { status } = await runScript(clone, ['scripts/run.mjs'], (text, kill) => {
      if (text.includes('waiting')) {
        kill('SIGINT');
      }
    });
    expect(status).toBe(9);
  });
});

describe('preparing a clone', () => {
  const prepare = () => runScript(clone, ['scripts/prepare.mjs']);

  test('removes what was compiled from a source that is gone', async () => {
    clone.write('src/attic/old.ts', 'export const old = 1;\n');
    await prepare();
    expect(existsSync(join(clone.folder, 'dist/attic/old.js'))).toBe(true);
    rmSync(join(clone.folder, 'src/attic'), { recursive: true });
    await prepare();
    expect(existsSync(join(clone.folder, 'dist/attic'))).toBe(false);
    expect(existsSync(join(clone.folder, 'dist/cli/main.js'))).toBe(true);
  });

  test('is done by one process when two begin at once', async () => {
    const outcomes = await Promise.all([prepare(), prepare(), prepare()]);
    expect(outcomes.map(({ status }) => status)).toEqual([0, 0, 0]);
    expect(outcomes.filter(({ stderr }) => stderr.includes('Building'))).toHaveLength(1);
    expect(existsSync(join(clone.folder, '.plinth/prepare.lock'))).toBe(false);
  });

  test('takes over the lock of a process that is gone', async () => {
    const gone = await runScript(clone, ['-e', 'console.log(process.pid)']);
    mkdirSync(join(clone.folder, '.plinth/prepare.lock'), { recursive: true });
    writeFileSync(join(clone.folder, '.plinth/prepare.lock/owner'), `${gone.stdout.trim()} ${hostname()}`);
    expect(await prepare()).toMatchObject({ status: 0 });
  });

  test('says in one line that Node is too old', async () => {
    clone.write('package.json', JSON.stringify({ type: 'module', engines: { node: '>=99.1' } }));
    expect(await prepare()).toEqual({
      status: 3,
      stdout: '',
      stderr: `Cannot run on Node ${process.versions.node}: Node 99.1 or newer is needed.\n`,
    });
  });
});
