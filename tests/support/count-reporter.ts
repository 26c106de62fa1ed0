import type { Reporter, TestModule } from 'vitest/node';

/**
 * Prints the plain count `N passed, N failed, N skipped` as the very last line of a run. A file that fails outside
 * of its tests counts as one failure, and a run in which no test ran at all fails.
 */
export default class CountReporter implements Reporter {
  private line = '0 passed, 1 failed';

  constructor() {
    process.once('exit', () => process.stdout.write(`${this.line}\n`));
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const passed = sum(modules, (module) => [...module.children.allTests('passed')].length);
    const failed = sum(modules, failuresOf) + unhandledErrors.length;
    const skipped = sum(modules, (module) => [...module.children.allTests('skipped')].length);
    this.line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    if (passed + failed === 0) {
      process.exitCode = 1;
    }
  }
}

function failuresOf(module: TestModule): number {
  const failed = [...module.children.allTests('failed')].length;
  return failed === 0 && module.state() === 'failed' ? 1 : failed;
}

function sum(modules: readonly TestModule[], count: (module: TestModule) => number): number {
  return modules.reduce((total, module) => total + count(module), 0);
}
