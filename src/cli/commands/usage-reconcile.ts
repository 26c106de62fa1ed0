import { reconciliationText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { timeOption } from './time-option.js';

export const usageReconcile: Command = {
  name: 'usage reconcile',
  summary: 'check that rollups equal their events, and one another',
  description:
    'Compares each bucket of each rollup with what it is made of, by its number of rows, every sum, and a hash of its\nrows; events a second time by plain sums; and rollups with one another. Buckets that are marked are not\ncompared: they are known to be under way. What differs leaves an event in the audit trail.',
  options: [
    { flags: '--from <time>', description: 'from when on', defaultText: 'the first event' },
    { flags: '--to <time>', description: 'until when, excluded', defaultText: 'the last event' },
    { flags: '--repair', description: 'have what differs computed again, and compare once more' },
  ],
  examples: [
    { line: 'usage reconcile', does: 'compare everything; exit code 1 when anything differs' },
    { line: 'usage reconcile --repair', does: 'mend it; exit code 1 when it still differs' },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const from = timeOption(context, 'from');
    const to = timeOption(context, 'to');
    const result = await plinth.usage.reconcile({
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      repair: context.options.repair === true,
    });
    context.print(
      context.format === 'json'
        ? toJson('usage reconcile', result)
        : reconciliationText(result, context.style),
    );
    return result.isExact ? 0 : 1;
  },
};
