import { keptText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, MEMBER_OPTION, ONE_TARGET_OPTION } from './selection.js';

export const keptList: Command = {
  name: 'kept list',
  summary: 'list the data that migrations would have destroyed',
  description:
    'Before a statement destroys data, it is kept in the database, in the schema plinth_kept;\nthe opposite script puts it back. What could not be placed stays kept, with the reason.',
  options: [
    ONE_TARGET_OPTION,
    MEMBER_OPTION,
    { flags: '--all', description: 'also what was put back or purged' },
  ],
  examples: [
    { line: 'kept list', does: 'what is kept, how large it is, and until when' },
    { line: 'kept list --all', does: 'what became of the rest, too' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const { kept } = await openProject(context);
    const choice = given<{ target: string; member: string }>(context, 'target', 'member');
    const report = await kept.list({ ...choice, ...given<{ all: boolean }>(context, 'all') });
    context.print(context.format === 'json' ? toJson('kept list', report) : keptText(report, context.style));
    return 0;
  },
};
