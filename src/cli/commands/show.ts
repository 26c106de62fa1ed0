import { shownText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, ONE_TARGET_OPTION } from './selection.js';

export const show: Command = {
  name: 'show',
  summary: 'print a migration as it was applied, from the ledger',
  description:
    'Prints the up and down script that the ledger keeps of an applied migration: also where its file is gone\nor was changed since.',
  args: [
    { name: '<version>', description: 'the version, its beginning, or R__name for a repeatable migration' },
  ],
  options: [ONE_TARGET_OPTION],
  examples: [{ line: 'show 202611210600', does: 'what was applied as this version' }],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const shown = await plinth.show({
      ...given<{ target: string }>(context, 'target'),
      version: context.args[0]!,
    });
    context.print(context.format === 'json' ? toJson('show', shown) : shownText(shown, context.style));
    return 0;
  },
};
