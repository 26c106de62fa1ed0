import { baselineText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, ONE_TARGET_OPTION } from './selection.js';

export const baseline: Command = {
  name: 'baseline',
  summary: 'start from a database that exists: count migrations as applied',
  description:
    'Counts every migration up to a version as applied, without running any of them. Nothing is compared: where\nanother tool has recorded what it applied, `plinth adopt` checks that the schema agrees.',
  args: [{ name: '<version>', description: 'the newest version whose changes the database has' }],
  options: [ONE_TARGET_OPTION],
  examples: [
    {
      line: 'baseline 202611210600',
      does: 'the database is as this migration leaves it; apply what is newer',
    },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const report = await plinth.baseline({
      ...given<{ target: string }>(context, 'target'),
      version: context.args[0]!,
    });
    context.print(
      context.format === 'json' ? toJson('baseline', report) : baselineText(report, context.style),
    );
    return 0;
  },
};
