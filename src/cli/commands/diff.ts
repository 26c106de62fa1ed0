import { comparisonText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { COMPARISON_OPTIONS, comparisonChoice } from './comparison-options.js';

export const diff: Command = {
  name: 'diff',
  summary: 'compare two schemas: databases, migrations at a version, saved schemas',
  description:
    'Without arguments: what the migrations make, against the live database. A schema is\n  operational                  a target: its live database\n  operational@latest           what its migrations make, built on a throwaway database; @202611210600 up to\n                               a version, @0 without any, @applied those that the ledger has\n  operational@main:            its migrations as a commit has them; @main:202611210600 up to a version\n  db/schema.json               a file that plinth schema save wrote\n  postgresql://…               any database\nThe exit code is 1 where they differ. Nothing is changed.',
  args: [
    { name: '[from]', description: 'the first schema (default: what the migrations make)' },
    { name: '[to]', description: 'the second schema (default: the live database)' },
  ],
  options: [
    { flags: '--target <name>', description: 'the target whose migrations and database are meant' },
    ...COMPARISON_OPTIONS,
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
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const [from, to] = context.args;
    const comparison = await plinth.diff({
      ...comparisonChoice(context),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(Array.isArray(context.options.schema) ? { schemas: context.options.schema } : {}),
    });
    context.print(
      context.format === 'json' ? toJson('diff', comparison) : comparisonText(comparison, context.style),
    );
    return comparison.isEmpty ? 0 : 1;
  },
};
