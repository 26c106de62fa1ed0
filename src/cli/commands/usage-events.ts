import { eventsText } from '../../report/index.js';
import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { answer, FILTER_OPTIONS, OUTPUT_OPTIONS, questionOf, SPAN_OPTIONS } from './question-options.js';

export const usageEvents: Command = {
  name: 'usage events',
  summary: 'show the newest events of an organization, also those of the history',
  description:
    'The last day of the span unless --from says more. Days that have moved to the history are read from their files;\nan event that is in both places is shown once.',
  options: [
    ...FILTER_OPTIONS.map((option) =>
      option.flags.startsWith('--organization')
        ? { ...option, description: 'whose events (slug or id; wanted)' }
        : option,
    ),
    { flags: '--limit <count>', description: 'how many of the newest', defaultText: '1000', number: true },
    ...SPAN_OPTIONS,
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    { line: 'usage events --organization acme --limit 20', does: 'the last twenty' },
    {
      line: 'usage events --organization acme --from 2026-03-01 --to 2026-04-01 --limit 1000000 --output march.parquet',
      does: 'a month as a Parquet file',
    },
  ],
  async run(context) {
    const { organization, limit } = context.options;
    if (typeof organization !== 'string') {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: 'Cannot show events: they are those of one organization (--organization <slug> was wanted)',
      });
    }
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const result = await plinth.usage.events({
      ...questionOf(context),
      organization,
      ...(typeof limit === 'number' ? { limit } : {}),
    });
    await answer(context, 'usage events', result, {
      text: (events) => eventsText(events, context.style),
      table: async ({ events }) => (await import('../../usage/index.js')).eventsTable(events),
    });
    return 0;
  },
};
