import { relative } from 'node:path';
import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';

export const newCommand: Command = {
  name: 'new',
  summary: 'write an empty migration',
  description:
    'Writes the files of an empty migration in the format of the folder, with the version that follows its newest.',
  args: [{ name: '<description...>', description: 'what the change does, in a few words' }],
  options: [{ flags: '--target <name>', description: 'the target (wanted where there are several)' }],
  examples: [
    {
      line: 'new --target operational add regions',
      does: 'makes <version>_add_regions.up.sql and .down.sql',
    },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const target = context.options.target ?? (plinth.targets.length === 1 ? plinth.targets[0] : undefined);
    if (typeof target !== 'string') {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: `Cannot make a migration: no target was named (${plinth.targets.join(' or ')} was wanted)`,
        hint: 'Add --target.',
      });
    }
    const made = plinth.newMigration({ target, description: context.args.join(' ') });
    const files = [...new Set([made.up, made.down])].filter((path) => path !== undefined);
    const shown = files.map((path) => relative(process.cwd(), path));
    context.print(context.format === 'json' ? toJson('new', made) : shown.join('\n'));
    return 0;
  },
};
