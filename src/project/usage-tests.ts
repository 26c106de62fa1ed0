import { nearest } from '../core/index.js';
import { withSession } from '../database/index.js';
import type { QualityResult } from '../usage/index.js';
import type { ProjectContext } from './context.js';

export interface QualityChoice {
  /** The tests to run, by name; all of them unless given. */
  readonly names?: readonly string[];
  /** Told each result as it comes. */
  readonly onResult?: (result: QualityResult) => void;
}

export interface QualityReport {
  /** No test of severity `error` has failed, and none is broken. */
  readonly passed: boolean;
  readonly tests: readonly QualityResult[];
}

/** Runs the tests of `analytics/tests` on the analytics target. @throws USAGE_QUALITY_TEST_INVALID */
export async function testUsage(context: ProjectContext, choice: QualityChoice): Promise<QualityReport> {
  const { readQualityTests, runQualityTests, USAGE_ERRORS } = await import('../usage/index.js');
  const all = readQualityTests(context.config.root);
  const known = all.map(({ name }) => name);
  const unknown = choice.names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearest(unknown, known);
    throw USAGE_ERRORS.QUALITY_TEST_INVALID({
      message: `Cannot run the test '${unknown}': analytics/tests has ${known.join(', ') || 'none'}`,
      hint: near ? `Did you mean '${near}'?` : 'Name a file of analytics/tests, without the ending.',
    });
  }
  const tests = all.filter(({ name }) => !choice.names || choice.names.includes(name));
  const results = await withSession(await context.databaseOf('analytics'), (session) =>
    runQualityTests(session, {
      tests,
      withTarget: async (target, work) => withSession(await context.databaseOf(target), work),
      ...(choice.onResult ? { onResult: choice.onResult } : {}),
      ...(context.signal ? { signal: context.signal } : {}),
    }),
  );
  const passed = results.every(
    ({ outcome, severity }) => outcome === 'passed' || (outcome === 'failed' && severity === 'warning'),
  );
  return { passed, tests: results };
}
