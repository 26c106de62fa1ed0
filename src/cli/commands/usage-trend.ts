import type { UsageQuestion } from '../../project/index.js';
import { trendText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given } from './selection.js';
import { timeOption } from './time-option.js';

export const usageTrend: Command = {
  name: 'usage trend',
  summary: 'show usage over time: requests, tokens, errors, cost, latency',
  options: [
    { flags: '--from <time>', description: 'from when on', defaultText: 'the first event' },
    { flags: '--to <time>', description: 'until when, excluded', defaultText: 'the last event' },
    {
      flags: '--grain <grain>',
      description: 'the width of a row',
      choices: ['minute', 'hour', 'day', 'month'],
      defaultText: 'what the span needs',
    },
    { flags: '--organization <slug>', description: 'only this organization (slug or id)' },
    { flags: '--provider <name>', description: 'only models of this provider' },
    { flags: '--model <name>', description: 'only this model' },
  ],
  examples: [
    { line: 'usage trend --from 2026-11-02 --to 2026-11-03', does: 'a day, by hour' },
    { line: 'usage trend --organization acme --grain day', does: 'one organization, by day' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const from = timeOption(context, 'from');
    const to = timeOption(context, 'to');
    const trend = await plinth.usage.trend({
      ...given<UsageQuestion>(context, 'grain', 'organization', 'provider', 'model'),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
    });
    if (context.format === 'json') {
      context.print(toJson('usage trend', trend ?? null));
    } else {
      context.print(trend ? trendText(trend, context.style) : '  no usage yet: plinth usage import <file>');
    }
    return 0;
  },
};
