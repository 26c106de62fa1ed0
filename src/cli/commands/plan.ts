import type { DownSelection, UpSelection } from '../../project/index.js';
import { planReportText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { FROM_OPTION, given, TARGET_OPTION } from './selection.js';

export const plan: Command = {
  name: 'plan',
  summary: 'show what apply would do, statement by statement',
  description: 'Shows what `plinth apply` would do, or `plinth rollback` with --down. Changes nothing.',
  options: [
    TARGET_OPTION,
    {
      flags: '--to <version>',
      description: 'stop after this version (with --down: keep it and all before it)',
    },
    { flags: '--steps <count>', description: 'at most so many migrations', number: true },
    FROM_OPTION,
    { flags: '--down', description: 'plan a rollback instead' },
    { flags: '--last-run', description: 'with --down: what the last run applied' },
  ],
  examples: [
    { line: 'plan', does: 'every pending migration of every target' },
    { line: 'plan --target operational --down --steps 2', does: 'what rolling the last two back would run' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const plans = context.options.down
      ? await plinth.planRollback(given<DownSelection>(context, 'target', 'to', 'steps', 'lastRun', 'from'))
      : await plinth.plan(given<UpSelection>(context, 'target', 'to', 'steps', 'from'));
    context.print(
      context.format === 'json'
        ? toJson('plan', plans)
        : plans.map((one) => planReportText(one, context.style, context.columns)).join('\n\n'),
    );
    return 0;
  },
};
