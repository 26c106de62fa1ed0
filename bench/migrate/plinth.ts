/** Plinth as it is measured: the command line as a whole process, and the library's call alone. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../src/core/index.js';
import type { Command } from './processes.js';
import type { Place, Tool } from './tool.js';

export const PROGRAM = join(PACKAGE_ROOT, 'dist/cli/main.js');

export const commandLine: Tool = {
  name: 'plinth',
  form: 'pairs',
  up: (place) => plinth(place, 'apply', '--quiet'),
  down: (place) => plinth(place, 'rollback', '--to', '0', '--yes', '--quiet'),
  status: (place) => plinth(place, 'status'),
};

export const library: Tool = {
  name: 'plinth, the library call',
  form: 'pairs',
  up: (place) => libraryCall(place, 'apply'),
  down: (place) => libraryCall(place, 'rollback'),
  secondsIn: Number,
};

/** One command line of Plinth on that place. */
export function plinth(place: Place, ...args: readonly string[]): Command {
  return {
    program: process.execPath,
    args: [PROGRAM, ...args],
    environment: { PLINTH_URL: place.url },
    folder: projectOf(place),
  };
}

function libraryCall(place: Place, call: 'apply' | 'rollback'): Command {
  const script = fileURLToPath(new URL('./library-call.js', import.meta.url));
  return {
    program: process.execPath,
    args: [script, call],
    environment: { PLINTH_URL: place.url },
    folder: projectOf(place),
  };
}

/** The folder of migrations with a plinth.yaml. */
function projectOf({ folder }: Place): string {
  const file = join(folder, '..', 'plinth.yaml');
  if (!existsSync(file)) {
    const limits = 'statementTimeout: 10min';
    const targets = `targets:\n  main:\n    migrations: pairs\n    ${limits}\n`;
    writeFileSync(file, `version: 1\nproject: bench\n${targets}`);
  }
  return join(folder, '..');
}
