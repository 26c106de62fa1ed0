import type { TypesChoice } from '../../project/index.js';
import { typesText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { DATABASE_OPTION } from './docs-options.js';
import { given } from './selection.js';

export const types: Command = {
  name: 'types',
  summary: 'write TypeScript types of the tables and views for services',
  description:
    'Prints the types, or writes them to a file. They are those of node-postgres as\nit comes: bigint and numeric arrive as text, json parsed, times as Date. JSON is\nwritten as text.',
  options: [
    DATABASE_OPTION,
    {
      flags: '--style <style>',
      description: 'interfaces, tables for Kysely, or Zod schemas',
      choices: ['typescript', 'kysely', 'zod'],
      defaultText: 'types.style of plinth.yaml',
    },
    {
      flags: '--file <path>',
      description: 'write to this file, from the project’s root',
      defaultText: 'types.file of plinth.yaml',
    },
    { flags: '--check', description: 'exit with 1 unless the file is what would be written; write nothing' },
    { flags: '--branded-ids', description: 'give the ids of each table a type of their own' },
    {
      flags: '--bigints <type>',
      description: 'what the driver gives for bigint',
      choices: ['string', 'bigint', 'number'],
    },
  ],
  examples: [
    {
      line: 'types --file src/database-types.ts',
      does: 'a row, an insert and an update type for each table',
    },
    { line: 'types --style kysely --file src/database.ts', does: 'what Kysely<Database> wants' },
    { line: 'types --file src/database-types.ts --check', does: 'for CI: fails while the file is stale' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const check = context.options.check === true;
    const report = await plinth.types({
      ...given<TypesChoice>(context, 'target', 'style', 'file', 'brandedIds', 'bigints'),
      check,
    });
    if (context.format === 'json') {
      context.print(toJson('types', report));
    } else if (report.file === undefined) {
      context.print(report.text.trimEnd());
    } else {
      context.print(typesText(report.file, report.isStale ?? false, check, context.style));
    }
    return check && report.isStale ? 1 : 0;
  },
};
