/** Programs run on the way to a ready tree: quiet while they work, shown in full when they fail. */
import { spawn } from 'node:child_process';
import { ROOT } from './root.mjs';

/** A failure that is told in one message, without a stack. */
export class TreeFailure extends Error {
  /**
   * @param {string} message
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = 3) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** @type {readonly NodeJS.Signals[]} */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs a program in the root of the clone behind one line of progress on stderr. Signals are passed on, and the
 * program is waited for.
 * @param {string} title what is being done, e.g. `Building`
 * @param {string} program
 * @param {readonly string[]} args
 * @throws {TreeFailure} with the program's whole output when it fails, or when a signal ended it
 */
export async function runBehindLine(title, program, args) {
  const line = progressLine(title);
  const { status, signal, output } = await outcomeOf(program, args);
  line.end(status === 0);
  if (signal) {
    throw new TreeFailure(`${title} was interrupted by ${signal}.`, 130);
  }
  if (status !== 0) {
    throw new TreeFailure(
      `${output.trimEnd()}\nCannot go on: ${title.toLowerCase()} failed (exit code ${status}).`,
    );
  }
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<{ status: number | null, signal: NodeJS.Signals | undefined, output: string }>}
 */
function outcomeOf(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    /** @type {NodeJS.Signals | undefined} */
    let received;
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => {
      received = signal;
      child.kill(signal);
    };
    for (const signal of PASSED_ON) {
      process.on(signal, passOn);
    }
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
    child.on('error', (cause) => {
      output += `Cannot run ${program}: ${cause.message}\n`;
    });
    child.on('close', (status, signal) => {
      for (const each of PASSED_ON) {
        process.off(each, passOn);
      }
      resolve({ status, signal: received ?? signal ?? undefined, output });
    });
  });
}

/** @param {string} title */
function progressLine(title) {
  const started = performance.now();
  const { isTTY } = process.stderr;
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`${title} …`);
  const ticking = setInterval(() => isTTY && process.stderr.write(`\r${title} … ${seconds()} s`), 500);
  return {
    /** @param {boolean} succeeded */
    end(succeeded) {
      clearInterval(ticking);
      process.stderr.write(
        `${isTTY ? `\r${title} …` : ''} ${succeeded ? 'done in ' : 'failed after '}${seconds()} s\n`,
      );
    },
  };
}
