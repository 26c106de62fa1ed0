import { qualityText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';

export const usageTest: Command = {
  name: 'usage test',
  summary: 'run the data-quality tests of analytics/tests',
  description:
    'A test is a query of the rows that break a rule; it passes when there are none. The exit code is 1 when a test of\nseverity error fails or cannot be run; warnings are told.',
  args: [{ name: '[tests...]', description: 'the tests to run, by name; all of them unless given' }],
  examples: [
    { line: 'usage test', does: 'all of them' },
    { line: 'usage test events_are_fresh --format json', does: 'one, for a program' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const names = context.args.filter((name) => name !== undefined);
    const report = await plinth.usage.test(names.length > 0 ? { names } : {});
    context.print(
      context.format === 'json' ? toJson('usage test', report) : qualityText(report, context.style),
    );
    return report.passed ? 0 : 1;
  },
};
