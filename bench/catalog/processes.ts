/** Runs the programs that are compared, each in a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Debian's pg_dump of that major version, if it is there. */
export function dumpProgram(major: number): string | undefined {
  const path = `/usr/lib/postgresql/${major}/bin/pg_dump`;
  return existsSync(path) ? path : undefined;
}

/** Dumps the schema into nothing; returns the seconds from the start of the process to its end. */
export async function runDump(program: string, url: string): Promise<number> {
  return (await timed(program, ['--schema-only', '--file=/dev/null', url])).seconds;
}

/** What `read-once` tells. */
export interface ReaderReport {
  /** The most memory that the process had when the schema was read. */
  readonly megabytes: number;
  /** After the reading, in seconds. */
  readonly fingerprintSeconds: number;
  readonly diffSeconds: number;
}

export interface ReaderFigures extends ReaderReport {
  /** From the start of the process until the schema was read. */
  readonly seconds: number;
}

/** Reads the schema in a fresh process. */
export async function runReader(url: string): Promise<ReaderFigures> {
  const script = fileURLToPath(new URL('./read-once.js', import.meta.url));
  const { output, seconds } = await timed(process.execPath, [script, url]);
  const report = JSON.parse(output) as ReaderReport;
  return { ...report, seconds: seconds - report.fingerprintSeconds - report.diffSeconds };
}

/** Runs a program that prints a report, from the start of its process to its end. */
export async function timed(
  program: string,
  flags: readonly string[],
): Promise<{ output: string; seconds: number }> {
  const start = performance.now();
  const child = spawn(program, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  if (exitCode !== 0) {
    throw new Error(`Cannot run the benchmark: ${program} ended with exit code ${exitCode}`);
  }
  return { output, seconds: (performance.now() - start) / 1000 };
}
