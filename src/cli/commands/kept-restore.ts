import { EXIT } from '../../core/index.js';
import { restoredKeptText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given, MEMBER_OPTION, ONE_TARGET_OPTION } from './selection.js';
import { wholeNumber } from './whole-number.js';

export const keptRestore: Command = {
  name: 'kept restore',
  summary: 'put back what is kept, or copy it into a new table',
  description:
    'A rollback puts back by itself what the migration destroyed. This is for what could not be placed then:\nmend the reason and run it again, or copy the rows into a table of their own with --into; they stay kept, too.\nThe exit code is 1 where rows are left that could not be placed.',
  args: [{ name: '<id>', description: 'the id that `plinth kept list` shows' }],
  options: [
    ONE_TARGET_OPTION,
    MEMBER_OPTION,
    { flags: '--into <table>', description: 'copy it into this new table, schema.table' },
  ],
  examples: [
    { line: 'kept restore 12', does: 'put it back into its table, as far as it fits' },
    { line: 'kept restore 12 --into public.old_users', does: 'copy it' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const { kept } = await openProject(context);
    const choice = given<{ target: string; member: string }>(context, 'target', 'member');
    const into = given<{ into: string }>(context, 'into');
    const restored = await kept.restore({ ...choice, ...into, id: wholeNumber('<id>', context.args[0]!) });
    context.print(
      context.format === 'json'
        ? toJson('kept restore', restored)
        : restoredKeptText(restored, context.style),
    );
    return restored.unplaced > 0 ? EXIT.found : EXIT.ok;
  },
};
