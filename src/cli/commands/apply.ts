import { EXIT } from '../../core/index.js';
import type { UpSelection } from '../../project/index.js';
import { runReportText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { FROM_OPTION, failedMembers, given, TARGET_OPTION } from './selection.js';

export const apply: Command = {
  name: 'apply',
  summary: 'apply pending migrations',
  description:
    'Applies what is pending, target by target, in the order of versions. Each migration is wholly applied,\nwholly absent, or resumed by the next run, whatever interrupts it.',
  options: [
    TARGET_OPTION,
    { flags: '--to <version>', description: 'stop after this version' },
    { flags: '--steps <count>', description: 'apply at most so many', number: true },
    FROM_OPTION,
    { flags: '--dry-run', description: 'show the plan and change nothing' },
  ],
  examples: [
    { line: 'apply', does: 'bring every target up to date' },
    {
      line: 'apply --from s3://releases/operational-42.tar',
      does: 'exactly what a bundle holds, if a trusted key has signed it',
    },
    { line: 'apply --target analytics --to 202611210709', does: 'one target, up to a version' },
  ],
  async run(context) {
    if (context.options.dryRun) {
      const { plan } = await import('./plan.js');
      return plan.run(context);
    }
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const reports = await plinth.apply(given<UpSelection>(context, 'target', 'to', 'steps', 'from'));
    context.print(
      context.format === 'json'
        ? toJson('apply', reports)
        : reports.map((report) => runReportText(report, context.style)).join('\n'),
    );
    return failedMembers(reports) > 0 ? EXIT.environment : EXIT.ok;
  },
};
