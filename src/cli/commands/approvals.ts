import type { TargetChoice } from '../../project/index.js';
import { approvalsText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, TARGET_OPTION } from './selection.js';

export const approvals: Command = {
  name: 'approvals',
  summary: 'show which approvals pending migrations need, have and have lost',
  options: [TARGET_OPTION, { flags: '--check', description: 'exit with 1 while an approval is missing' }],
  examples: [
    { line: 'approvals', does: 'every pending migration with its risks and approvals' },
    { line: 'approvals --check --quiet', does: 'for a script: exit code 1 while an approval is missing' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const reports = await plinth.approvals(given<TargetChoice>(context, 'target'));
    context.print(
      context.format === 'json'
        ? toJson('approvals', reports)
        : reports.map((report) => approvalsText(report, context.style)).join('\n\n'),
    );
    const isMissing = reports.some(({ migrations }) => migrations.some(({ approved }) => !approved));
    return context.options.check && isMissing ? 1 : 0;
  },
};
