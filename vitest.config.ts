import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    reporters: [
      'default',
      ...(process.env.GITHUB_ACTIONS ? ['github-actions'] : []),
      './tests/support/count-reporter.ts',
    ],
    globalSetup: ['tests/support/cluster.ts'],
    pool: 'forks',
    // A test waits for its server half of the time: two at once also on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    passWithNoTests: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A database that is dropped while a query runs must fail a test, not only print.
    dangerouslyIgnoreUnhandledErrors: false,
  },
});
