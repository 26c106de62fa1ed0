import { openDatabase, withSession } from '../../src/database/index.js';
import { seed } from '../../src/seed/index.js';
import { progressLine } from '../telling/progress-line.js';
import type { LoadRate } from './load-rate.js';

export interface SeedRateOptions {
  readonly url: string;
  readonly organizations: number;
  readonly signal: AbortSignal;
}

/** The seed as anybody calls it, from the empty database to the fresh statistics. */
export async function measureSeed({ url, organizations, signal }: SeedRateOptions): Promise<LoadRate> {
  const progress = progressLine('seed', organizations, 'organizations');
  const result = await withSession(openDatabase(url), (session) =>
    seed(session, { organizations, signal, onProgress: ({ done }) => progress.update(done ?? 0) }),
  );
  progress.end();
  return { rows: result.inserted, seconds: result.seconds };
}
