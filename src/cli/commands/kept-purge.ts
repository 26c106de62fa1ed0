import { keptText, purgedText } from '../../report/index.js';
import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';
import { given, MEMBER_OPTION, ONE_TARGET_OPTION } from './selection.js';
import { wholeNumber } from './whole-number.js';

export const keptPurge: Command = {
  name: 'kept purge',
  summary: 'remove kept data for good',
  description:
    'Removes what is older than kept.days of plinth.yaml (30 days unless set), or what is named.\nA rollback can no longer put it back. What will go is shown and confirmed first.',
  args: [{ name: '[id...]', description: 'these, expired or not' }],
  options: [
    ONE_TARGET_OPTION,
    MEMBER_OPTION,
    { flags: '--all', description: 'all of it, expired or not' },
    { flags: '--yes', description: 'do not ask' },
  ],
  examples: [
    { line: 'kept purge --yes', does: 'remove what is expired' },
    { line: 'kept purge 12 13', does: 'remove these two' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const { kept } = await openProject(context);
    const ids = context.args.map((id) => wholeNumber('[id...]', id));
    if (ids.length > 0 && context.options.all) {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: "Cannot run 'kept purge': ids and --all were given (one of them was wanted)",
      });
    }
    const choice = {
      ...given<{ target: string; member: string; all: boolean }>(context, 'target', 'member', 'all'),
      ...(ids.length > 0 ? { ids } : {}),
    };
    const plan = context.options.yes ? undefined : await kept.planPurge(choice);
    if (plan && plan.entries.length > 0) {
      if (context.format === 'text') {
        context.say(keptText(plan, context.style));
      }
      if (!(await context.confirm('Remove this for good?'))) {
        throw CLI_ERRORS.NOT_CONFIRMED({ message: 'Nothing was purged: it was not confirmed' });
      }
    }
    const report = plan?.entries.length === 0 ? plan : await kept.purge(choice);
    context.print(
      context.format === 'json' ? toJson('kept purge', report) : purgedText(report, context.style),
    );
    return 0;
  },
};
