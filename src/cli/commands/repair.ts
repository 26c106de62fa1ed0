import type { RepairChoice } from '../../project/index.js';
import { repairText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, ONE_TARGET_OPTION } from './selection.js';

export const repair: Command = {
  name: 'repair',
  summary: 'say what is wrong with the ledger, and mend what is named',
  description:
    'Lists changed files, applied migrations without a file and half-done migrations, each with what a repair\nwould do and when that is right. Nothing is changed without --execute, and nothing that is not named.\nNo statement of a migration is run.',
  options: [
    ONE_TARGET_OPTION,
    {
      flags: '--accept <version>',
      description: 'take the changed file into the ledger as it is now',
      repeatable: true,
    },
    {
      flags: '--forget <version>',
      description: 'remove the row of a migration without a file, whose down was run by hand',
      repeatable: true,
    },
    {
      flags: '--done <version>',
      description: 'take the interrupted step of a half-done migration as done by hand',
      repeatable: true,
    },
    { flags: '--execute', description: 'do it' },
  ],
  examples: [
    { line: 'repair', does: 'what is wrong, and what could be done; exit code 1 if anything is' },
    { line: 'repair --accept 202611210600 --execute', does: 'take a changed file as what was applied' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const report = await plinth.repair(
      given<RepairChoice>(context, 'target', 'accept', 'forget', 'done', 'execute'),
    );
    context.print(context.format === 'json' ? toJson('repair', report) : repairText(report, context.style));
    return report.problems.every(({ repaired }) => repaired) ? 0 : 1;
  },
};
