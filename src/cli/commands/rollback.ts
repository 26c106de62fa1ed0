import { EXIT } from '../../core/index.js';
import type { DownSelection } from '../../project/index.js';
import { planReportText, runReportText } from '../../report/index.js';
import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';
import { FROM_OPTION, failedMembers, given } from './selection.js';

export const rollback: Command = {
  name: 'rollback',
  summary: 'take applied migrations back',
  description:
    'Rolls back the newest migration, or as many as told, newest first. The plan is shown and confirmed first.\nA down script that this checkout does not have is taken from the ledger.',
  options: [
    { flags: '--target <name>', description: 'the target (wanted where there are several)' },
    { flags: '--to <version>', description: 'roll back everything newer than this version; 0 is everything' },
    { flags: '--steps <count>', description: 'roll back so many', defaultText: '1', number: true },
    { flags: '--last-run', description: 'roll back what the last run applied' },
    FROM_OPTION,
    { flags: '--yes', description: 'do not ask' },
  ],
  examples: [
    { line: 'rollback --target operational', does: 'take the newest migration back' },
    {
      line: 'rollback --target operational --to 202611210609 --yes',
      does: 'back to a version, without asking',
    },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const selection = given<DownSelection>(context, 'target', 'to', 'steps', 'lastRun', 'from');
    if (context.options.target === undefined && selection.from === undefined && plinth.targets.length > 1) {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: `Cannot roll back: no target was named (${plinth.targets.join(' or ')} was wanted)`,
        hint: 'Add --target.',
      });
    }
    if (!context.options.yes) {
      const plans = await plinth.planRollback(selection);
      context.say(plans.map((plan) => planReportText(plan, context.style, context.columns)).join('\n'));
      if (!(await context.confirm('Roll these migrations back?'))) {
        throw CLI_ERRORS.NOT_CONFIRMED({ message: 'Nothing was rolled back: the plan was not confirmed' });
      }
    }
    const reports = await plinth.rollback(selection);
    context.print(
      context.format === 'json'
        ? toJson('rollback', reports)
        : reports.map((report) => runReportText(report, context.style)).join('\n'),
    );
    return failedMembers(reports) > 0 ? EXIT.environment : EXIT.ok;
  },
};
