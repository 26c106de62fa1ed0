import type { TrendQuestion } from '../../project/index.js';
import { trendText } from '../../report/index.js';
import type { Command } from '../command.js';
import {
  ANSWER_OPTIONS,
  answer,
  FILTER_OPTIONS,
  OUTPUT_OPTIONS,
  questionOf,
  SPAN_OPTIONS,
} from './question-options.js';
import { given } from './selection.js';

export const usageTrend: Command = {
  name: 'usage trend',
  summary: 'show usage over time: requests, tokens, errors, cost, latency',
  description:
    'A row for every bucket of the span, also where nothing happened. Days, weeks and months are those of the time\nzone, with 23 or 25 hours where the clocks change. The coarsest rollup that can tell it is read, with what has\nchanged since; where none can, the events are, of the database and of the history (docs/usage-questions.md).',
  options: [
    ...SPAN_OPTIONS,
    {
      flags: '--grain <grain>',
      description: 'the width of a row',
      choices: ['minute', 'quarter-hour', 'hour', 'day', 'week', 'month'],
      defaultText: 'what the span needs',
    },
    ...FILTER_OPTIONS,
    ...ANSWER_OPTIONS,
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    { line: 'usage trend --from 2026-11-02 --to 2026-11-03', does: 'a day, by hour' },
    {
      line: 'usage trend --organization acme --grain day --compare',
      does: 'days of the organization, and those before',
    },
    { line: 'usage trend --grain week --time-zone Asia/Tokyo --format csv', does: 'weeks of Tokyo, as CSV' },
    { line: 'usage trend --grain hour --output hours.parquet', does: 'hours as a Parquet file' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const trend = await plinth.usage.trend({
      ...questionOf(context),
      ...given<TrendQuestion>(context, 'grain', 'compare', 'percentiles'),
    });
    await answer(context, 'usage trend', trend, {
      text: (result) => trendText(result, context.style),
      table: async (result) => (await import('../../usage/index.js')).trendTable(result),
    });
    return 0;
  },
};
