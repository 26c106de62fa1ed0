import { fileURLToPath } from 'node:url';
import { timed } from '../catalog/processes.js';

/** What `work-once` tells of itself. */
export interface DocsReport {
  /** User and system time of all threads, and of the process that draws the PNG. */
  readonly processorSeconds: number;
  /** The most memory that the process had. */
  readonly megabytes: number;
  readonly files: number;
  readonly bytes: number;
}

export interface DocsFigures extends DocsReport {
  /** From the start of the process to its end. */
  readonly seconds: number;
}

/** A project that a process opens. */
export interface BenchProject {
  readonly config: string;
  readonly url: string;
}

/** `again`: with the documents of the last time in place. */
export type Work = 'build' | 'again' | 'draw';

/** Builds the documents of a project, or draws its tables, in a fresh process. */
export async function runOnce(work: Work, { config, url }: BenchProject): Promise<DocsFigures> {
  const script = fileURLToPath(new URL('./work-once.js', import.meta.url));
  const { output, seconds } = await timed(process.execPath, [script, work, config, url]);
  return { ...(JSON.parse(output) as DocsReport), seconds };
}
