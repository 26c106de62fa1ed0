import type { SeedChoice } from '../../project/index.js';
import { formatCount, formatDuration, table } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given } from './selection.js';

export const seed: Command = {
  name: 'seed',
  summary: 'load deterministic sample data',
  description:
    'Loads organizations, users, memberships, API keys, models with prices, entitlements and budgets into the\noperational target. The same profile and seed always give the same rows, so running it again changes\nnothing. Seeded API keys are public: anybody can compute them. Never seed a production database.',
  options: [
    {
      flags: '--profile <profile>',
      description: 'how much',
      choices: ['dev', 'ci', 'staging'],
      defaultText: 'dev',
    },
    { flags: '--organizations <count>', description: 'how many organizations instead', number: true },
    {
      flags: '--seed <number>',
      description: 'another number gives other data',
      number: true,
      defaultText: '1',
    },
  ],
  examples: [
    { line: 'seed', does: 'a dozen organizations to develop with' },
    { line: 'seed --profile staging --organizations 1000000', does: 'a million, streamed by COPY' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const result = await plinth.seed(given<SeedChoice>(context, 'profile', 'organizations', 'seed'));
    if (context.format === 'json') {
      context.print(toJson('seed', result));
      return 0;
    }
    const rows = result.tables.map(({ table: name, rows: count, inserted }) => [
      `  ${name}`,
      formatCount(count),
      inserted === 0 ? context.style.faint('there already') : `${formatCount(inserted)} new`,
    ]);
    context.print(
      table(
        [{ title: '  table' }, { title: 'rows', align: 'right' }, { title: '', align: 'right' }],
        rows,
        context.style.faint,
      ),
    );
    context.print(
      `  ${formatCount(result.rows)} rows for ${formatCount(result.organizations)} organizations, ${formatCount(result.inserted)} loaded in ${formatDuration(result.seconds * 1000)}`,
    );
    return 0;
  },
};
