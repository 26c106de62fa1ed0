import { groupCommand } from './group-command.js';

export const usageTop = groupCommand({
  name: 'usage top',
  summary: 'show who used most: organizations, models, keys, people',
  description: 'Over the whole hours of the span. The share is that of everything that was asked for.',
  groupings: ['organization', 'provider', 'model', 'key', 'user'],
  limit: 10,
  examples: [
    { line: 'usage top --measure cost --limit 20', does: 'the organizations that cost most' },
    { line: 'usage top model --from 2026-11-01 --compare', does: 'models, and how they did before' },
    { line: 'usage top key --organization acme --measure tokens', does: 'the keys of an organization' },
  ],
  ask: (plinth, question) => plinth.usage.top(question),
});
