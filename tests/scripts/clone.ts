/** Small clones for the tests of `scripts`: the real scripts and settings, and sources of a few lines. */
import { type SpawnOptions, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const COPIED = ['scripts', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json'];

export interface Clone {
  readonly folder: string;
  write(path: string, content: string): void;
  remove(): void;
}

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes a clone whose node_modules are those of this repository and whose command is `main`. */
export function makeClone(main: string): Clone {
  const folder = mkdtempSync(join(tmpdir(), 'plinth clone-'));
  for (const name of COPIED) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('src/cli/main.ts', main);
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Starts a script of the clone. `onLine` is called with what it has printed on stdout so far. */
export function runScript(
  clone: Clone,
  args: readonly string[],
  onStdout?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
  options: SpawnOptions = {},
): Promise<Outcome> {
  const child = spawn(process.execPath, args, { cwd: clone.folder, stdio: 'pipe', ...options });
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    onStdout?.(stdout, (signal) => child.kill(signal));
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stdout, stderr })));
}
