import { rollUpText } from '../../report/index.js';
import type { Command } from '../command.js';
import { toJson } from '../json.js';
import { timeOption } from './time-option.js';

export const usageRollUp: Command = {
  name: 'usage roll-up',
  summary: 'recompute rollups from their events',
  options: [
    { flags: '--from <time>', description: 'from when on', defaultText: 'the first event' },
    { flags: '--to <time>', description: 'until when, excluded', defaultText: 'the last event' },
  ],
  examples: [{ line: 'usage roll-up', does: 'every rollup, from all events' }],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const plinth = await openProject(context);
    const from = timeOption(context, 'from');
    const to = timeOption(context, 'to');
    const rollUps = await plinth.usage.rollUp({ ...(from ? { from } : {}), ...(to ? { to } : {}) });
    context.print(context.format === 'json' ? toJson('usage roll-up', rollUps) : `  ${rollUpText(rollUps)}`);
    return 0;
  },
};
