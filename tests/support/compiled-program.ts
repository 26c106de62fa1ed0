/** Programs of the tests that must be processes of their own, also on a Node that cannot run TypeScript. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { PACKAGE_ROOT } from '../../src/core/index.js';

export interface ProgramOptions {
  /** Run as this user; only a root process can. */
  readonly uid?: number;
}

export interface RunningProgram {
  readonly process: ChildProcess;
  /** Everything it wrote to stdout, once the last holder of the pipe has closed it. */
  readonly output: Promise<string>;
}

export type CompiledProgram = (parameters: readonly string[], options?: ProgramOptions) => RunningProgram;

/**
 * Compiles a program and what it imports, without checking types, to a folder from which the installed packages
 * are found. The folder is removed when the test file ends.
 */
export function compileProgram(source: string): CompiledProgram {
  const cache = join(PACKAGE_ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'plinth-tests-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin/tsc',
  );
  const flags = '--ignoreConfig --noCheck --skipLibCheck --module nodenext --target es2023 --types node';
  execFileSync(
    process.execPath,
    [compiler, ...flags.split(' '), '--rootDir', '.', '--outDir', folder, source],
    {
      cwd: PACKAGE_ROOT,
    },
  );
  copyPackageFiles(folder);
  // A folder made by mkdtemp is closed to other users, and some tests run the program as one.
  execFileSync('chmod', ['-R', 'a+rX', folder]);
  const entry = join(folder, source.replace(/\.ts$/, '.js'));
  return (parameters, options = {}) => runProgram(entry, parameters, options);
}

/** What the program reads from the package it is part of: see `readPackageFile`. */
function copyPackageFiles(folder: string): void {
  cpSync(join(PACKAGE_ROOT, 'package.json'), join(folder, 'package.json'));
  cpSync(join(PACKAGE_ROOT, 'src'), join(folder, 'src'), {
    recursive: true,
    filter: (path) => statSync(path).isDirectory() || path.endsWith('.sql'),
  });
}

function runProgram(entry: string, parameters: readonly string[], options: ProgramOptions): RunningProgram {
  const child = spawn(process.execPath, [entry, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const output = new Promise<string>((settle, fail) => {
    child.once('error', fail);
    child.once('close', () => settle(text));
  });
  return { process: child, output };
}
