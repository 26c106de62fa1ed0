import { purgedText } from '../../report/index.js';
import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';
import { given, MEMBER_OPTION, ONE_TARGET_OPTION } from './selection.js';
import { wholeNumber } from './whole-number.js';

export const keptPurge: Command = {
  name: 'kept purge',
  summary: 'remove kept data for good',
  description:
    'Removes what is older than kept.days of plinth.yaml (30 days unless set). A rollback can no longer put it back.',
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
    const choice = given<{ target: string; member: string }>(context, 'target', 'member');
    const ids = context.args.map((id) => wholeNumber('[id...]', id));
    if (!context.options.yes && !(await context.confirm('Remove kept data for good?'))) {
      throw CLI_ERRORS.NOT_CONFIRMED({ message: 'Nothing was purged: it was not confirmed' });
    }
    const report = await kept.purge({
      ...choice,
      ...given<{ all: boolean }>(context, 'all'),
      ...(ids.length > 0 ? { ids } : {}),
    });
    context.print(
      context.format === 'json' ? toJson('kept purge', report) : purgedText(report, context.style),
    );
    return 0;
  },
};
