import { relative } from 'node:path';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given } from './selection.js';

export const init: Command = {
  name: 'init',
  summary: 'make a project: a plinth.yaml for the migrations that are there, or are to come',
  description: [
    'Looks for migrations in the places where projects have them, of any tool whose folders',
    'Plinth runs, and writes a plinth.yaml with one target. What is there is not changed;',
    '.gitignore is told of .plinth, the folder of the embedded PostgreSQL.',
  ].join('\n'),
  args: [{ name: '[folder]', description: 'the root of the project (default: the working folder)' }],
  options: [
    {
      flags: '--migrations <folder>',
      description: 'the folder of the migrations',
      defaultText: 'looked for',
    },
  ],
  examples: [
    { line: 'init', does: 'in the root of your project; then plinth status' },
    { line: 'init --migrations services/api/db', does: 'for migrations that are somewhere else' },
  ],
  async run(context) {
    const { initProject } = await import('../../project/index.js');
    const [folder = '.'] = context.args;
    const made = initProject({ folder, ...given<{ migrations: string }>(context, 'migrations') });
    if (context.format === 'json') {
      context.print(toJson('init', made));
      return 0;
    }
    const { project, config, migrations, format, count, isIgnored } = made;
    const what = format === undefined ? 'no migrations yet' : `${count} of them, ${format}`;
    context.print(
      [
        `${relative(process.cwd(), config)}  project ${project}`,
        `  migrations in ${migrations}: ${what}`,
        ...(isIgnored ? ['  .plinth/ is in .gitignore'] : []),
      ].join('\n'),
    );
    context.say(count === 0 ? 'next: plinth new <what it does>' : 'next: plinth status, plinth plan');
    return 0;
  },
};
