import type { UsageQuestion } from '../../project/index.js';
import { reconciliationText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { given } from './selection.js';
import { timeOption } from './time-option.js';

export const usageReconcile: Command = {
  name: 'usage reconcile',
  summary: 'check that rollups equal their events',
  options: [
    { flags: '--from <time>', description: 'from when on', defaultText: 'the first event' },
    { flags: '--to <time>', description: 'until when, excluded', defaultText: 'the last event' },
    {
      flags: '--grain <grain>',
      description: 'which rollup',
      choices: ['minute', 'hour', 'day', 'month'],
      defaultText: 'hour',
    },
  ],
  examples: [
    { line: 'usage reconcile --grain hour', does: 'compare every measure; exit code 1 when one differs' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const from = timeOption(context, 'from');
    const to = timeOption(context, 'to');
    const result = await plinth.usage.reconcile({
      ...given<UsageQuestion>(context, 'grain'),
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
    });
    if (context.format === 'json') {
      context.print(toJson('usage reconcile', result ?? null));
    } else {
      context.print(
        result ? reconciliationText(result, context.style) : '  no usage yet: plinth usage import <file>',
      );
    }
    return result && !result.isExact ? 1 : 0;
  },
};
