import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { pathInTree, ROOT } from '../tree/root.mjs';

/**
 * @typedef {{ readonly passed: boolean, readonly output: string }} Outcome
 */

/**
 * Runs a command line of fixed words; the programs of node_modules are on its path.
 * @param {string} commandLine words separated by spaces
 * @param {{ cwd?: string, more?: readonly string[] }} [options] `more`: further arguments, which may hold spaces
 * @returns {Promise<Outcome>} with everything that it printed
 */
export function runCommand(commandLine, { cwd = ROOT, more = [] } = {}) {
  const [program = '', ...args] = commandLine.split(' ');
  const child = spawn(program, [...args, ...more], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      PATH: `${pathInTree('node_modules/.bin')}${delimiter}${process.env.PATH}`,
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1', FORCE_COLOR: undefined }),
    },
  });
  return new Promise((resolve) => {
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.on('error', (cause) =>
      resolve({ passed: false, output: `Cannot run ${program}: ${cause.message}` }),
    );
    child.on('close', (status) => resolve({ passed: status === 0, output }));
  });
}

/**
 * Runs command lines one after another, up to the first that fails.
 * @param {readonly string[]} commandLines
 * @returns {Promise<Outcome>}
 */
export async function runCommands(...commandLines) {
  for (const commandLine of commandLines) {
    const outcome = await runCommand(commandLine);
    if (!outcome.passed) {
      return { passed: false, output: `${commandLine}\n${outcome.output}` };
    }
  }
  return { passed: true, output: '' };
}
