/** Runs what is measured, each time in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** A program with its arguments. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly folder?: string;
}

export interface Finished {
  /** From the start of the process to its end. */
  readonly seconds: number;
  readonly output: string;
}

/** @throws Error with the first line that the process complained with */
export async function run({ program, args, environment, folder }: Command): Promise<Finished> {
  const start = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, PGOPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, complaint, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (exitCode !== 0) {
    throw new Error(complaintOf(complaint || output) ?? `exit code ${exitCode}`);
  }
  return { seconds: (performance.now() - start) / 1000, output };
}

function complaintOf(text: string): string | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /error|fail|panic/i.test(line)) ?? lines.at(-1))?.trim().slice(0, 160);
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
