import { groupCommand } from './group-command.js';

export const usageBreakdown = groupCommand({
  name: 'usage breakdown',
  summary: 'show what usage is made of: models, keys, operations, status',
  description:
    'Every group over the whole hours of the span. Operations and regions are read from the events, as no rollup of the\nfoundation has them: of one organization, or of at most 93 days.',
  groupings: ['model', 'provider', 'key', 'operation', 'status', 'region', 'user', 'organization'],
  limit: 1000,
  examples: [
    { line: 'usage breakdown --organization acme', does: 'its models' },
    { line: 'usage breakdown status --from 2026-11-02 --to 2026-11-03', does: 'answers of a day, by status' },
    { line: 'usage breakdown operation --organization acme --format csv', does: 'operations, as CSV' },
  ],
  ask: (plinth, question) => plinth.usage.breakdown(question),
});
