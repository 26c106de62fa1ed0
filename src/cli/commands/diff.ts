import type { DiffChoice } from '../../project/index.js';
import { comparisonText, savedMigrationText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { COMPARISON_OPTIONS, comparisonChoice } from './comparison-options.js';
import { given } from './selection.js';

export const diff: Command = {
  name: 'diff',
  summary: 'compare two schemas: databases, migrations at a version, saved schemas',
  description: [
    'Without arguments: what the migrations make, against the live database. A',
    'schema is',
    '  operational          a target: its live database',
    '  operational@latest   what its migrations make, on a throwaway database;',
    '                       @202611210600 up to a version, @0 without any,',
    '                       @applied those that the ledger has',
    '  operational@main:    its migrations as a commit has them;',
    '                       @main:202611210600 up to a version',
    '  db/schema.json       a file that plinth schema save wrote',
    '  postgresql://…       any database',
    'The exit code is 1 where they differ. No database is changed.',
  ].join('\n'),
  args: [
    { name: '[from]', description: 'the first schema (default: what the migrations make)' },
    { name: '[to]', description: 'the second schema (default: the live database)' },
  ],
  options: [
    { flags: '--target <name>', description: 'the target whose migrations and database are meant' },
    ...COMPARISON_OPTIONS,
    {
      flags: '--rename <old=new>',
      description: 'what the second calls otherwise, as shop.customers.mail=email; several times',
      repeatable: true,
    },
    {
      flags: '--sql',
      description: 'print the SQL that turns the first into the second, with what is dangerous',
    },
    {
      flags: '--save <slug>',
      description: 'write it as a migration, up and down, once both are proven on a throwaway database',
    },
    {
      flags: '--schema <name>',
      description: 'only this schema; may be given several times',
      repeatable: true,
    },
  ],
  examples: [
    {
      line: 'diff',
      does: 'what the live database has that the migrations do not make, and the other way round',
    },
    { line: 'diff operational@202611210600 operational@latest', does: 'what the newer migrations change' },
    { line: 'diff operational@main: operational@latest', does: 'what a branch changes' },
    { line: 'diff db/schema.json operational', does: 'since a schema was saved' },
    {
      line: 'diff --target operational --save add_hotfix_index',
      does: 'take what was changed by hand over as a migration',
    },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const [from, to] = context.args;
    const comparison = await plinth.diff({
      ...comparisonChoice(context),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...given<DiffChoice>(context, 'sql', 'save'),
      ...(Array.isArray(context.options.rename) ? { renames: context.options.rename } : {}),
      ...(Array.isArray(context.options.schema) ? { schemas: context.options.schema } : {}),
    });
    if (context.format === 'json') {
      context.print(toJson('diff', comparison));
    } else if (comparison.sql) {
      const { scriptOf } = await import('../../compare/index.js');
      context.print(scriptOf(comparison.sql).trimEnd());
    } else {
      context.print(comparisonText(comparison, context.style));
    }
    for (const line of comparison.saved ? savedMigrationText(comparison.saved, context.style) : []) {
      context.say(line);
    }
    return comparison.isEmpty || comparison.saved ? 0 : 1;
  },
};
