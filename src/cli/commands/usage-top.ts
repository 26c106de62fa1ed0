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

const GROUPINGS = ['organization', 'provider', 'model', 'key', 'user'] as const;

export const usageTop: Command = {
  name: 'usage top',
  summary: 'show who used most: organizations, models, keys, people',
  description: 'Over the whole hours of the span. The share is that of everything that was asked for.',
  args: [{ name: '[by]', description: `${GROUPINGS.join(', ')}; organization unless given` }],
  options: [
    ...RANK_OPTIONS,
    { flags: '--limit <count>', description: 'how many', defaultText: '10', number: true },
    ...SPAN_OPTIONS,
    ...FILTER_OPTIONS,
    ...ANSWER_OPTIONS,
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    { line: 'usage top --measure cost --limit 20', does: 'the organizations that cost most' },
    { line: 'usage top model --from 2026-11-01 --compare', does: 'models, and how they did before' },
    { line: 'usage top key --organization acme --measure tokens', does: 'the keys of an organization' },
  ],
  async run(context) {
    const by = groupingOf(context, 'organization', GROUPINGS);
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const result = await plinth.usage.top({ by, ...groupQuestionOf(context) });
    await answer(context, 'usage top', result, {
      text: (groups) => groupsText(groups, context.style),
      table: async (groups) => (await import('../../usage/index.js')).groupsTable(groups),
    });
    return 0;
  },
};
