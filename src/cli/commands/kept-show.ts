import { shownKeptText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, MEMBER_OPTION, ONE_TARGET_OPTION } from './selection.js';
import { wholeNumber } from './whole-number.js';

export const keptShow: Command = {
  name: 'kept show',
  summary: 'show rows of what is kept',
  description:
    'Prints some rows: the key, the old value of each column, and what the migration had made of it.\nThey are what they were, personal data too. Long values are cut; --format json has all of them.',
  args: [{ name: '<id>', description: 'the id that `plinth kept list` shows' }],
  options: [
    ONE_TARGET_OPTION,
    MEMBER_OPTION,
    { flags: '--limit <rows>', description: 'how many rows', defaultText: '20', number: true },
  ],
  examples: [{ line: 'kept show 12', does: '20 rows of it' }],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const { kept } = await openProject(context);
    const choice = given<{ target: string; member: string }>(context, 'target', 'member');
    const limit = given<{ limit: number }>(context, 'limit');
    const shown = await kept.show({ ...choice, ...limit, id: wholeNumber('<id>', context.args[0]!) });
    context.print(
      context.format === 'json' ? toJson('kept show', shown) : shownKeptText(shown, context.style),
    );
    return 0;
  },
};
