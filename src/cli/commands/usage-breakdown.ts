import { groupsText } from '../../report/index.js';
import type { Command } from '../command.js';
import {
  ANSWER_OPTIONS,
  answer,
  FILTER_OPTIONS,
  groupingOf,
  groupQuestionOf,
  OUTPUT_OPTIONS,
  RANK_OPTIONS,
  SPAN_OPTIONS,
} from './question-options.js';

const GROUPINGS = [
  'model',
  'provider',
  'key',
  'operation',
  'status',
  'region',
  'user',
  'organization',
] as const;

export const usageBreakdown: Command = {
  name: 'usage breakdown',
  summary: 'show what usage is made of: models, keys, operations, status',
  description:
    'Every group over the whole hours of the span. Operations and regions are read from the events, as no rollup of the\nfoundation has them: of one organization, or of at most 93 days.',
  args: [{ name: '[by]', description: `${GROUPINGS.join(', ')}; model unless given` }],
  options: [
    ...RANK_OPTIONS,
    { flags: '--limit <count>', description: 'how many', defaultText: '1000', number: true },
    ...SPAN_OPTIONS,
    ...FILTER_OPTIONS,
    ...ANSWER_OPTIONS,
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    { line: 'usage breakdown --organization acme', does: 'its models' },
    { line: 'usage breakdown status --from 2026-11-02 --to 2026-11-03', does: 'answers of a day, by status' },
    { line: 'usage breakdown operation --organization acme --format csv', does: 'operations, as CSV' },
  ],
  async run(context) {
    const by = groupingOf(context, 'model', GROUPINGS);
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const result = await plinth.usage.breakdown({ by, ...groupQuestionOf(context) });
    await answer(context, 'usage breakdown', result, {
      text: (groups) => groupsText(groups, context.style),
      table: async (groups) => (await import('../../usage/index.js')).groupsTable(groups),
    });
    return 0;
  },
};
