import { repricedText } from '../../report/index.js';
import type { Command } from '../command.js';
import { CLI_ERRORS } from '../errors.js';
import { toJson } from '../json.js';
import { given } from './selection.js';
import { timeOption } from './time-option.js';

export const usageReprice: Command = {
  name: 'usage reprice',
  summary: 'price the events of a span again, by the price list as it is now',
  description:
    'Events that a provider priced keep their cost. What each event cost before is kept in\nanalytics.cost_corrections. The rollups follow with the next plinth usage roll-up.',
  options: [
    { flags: '--from <time>', description: 'from when on' },
    { flags: '--to <time>', description: 'until when, excluded' },
    { flags: '--reason <text>', description: 'why; kept with every correction' },
    { flags: '--organization <slug>', description: 'only one organization (slug or id)' },
    { flags: '--dry-run', description: 'only tell what would change' },
  ],
  examples: [
    {
      line: 'usage reprice --from 2026-10-01 --to 2026-11-01 --reason "price list was late" --dry-run',
      does: 'what October would cost',
    },
  ],
  async run(context) {
    const { openProject } = await import('../open-project.js');
    const from = timeOption(context, 'from');
    const to = timeOption(context, 'to');
    const { reason, dryRun } = context.options;
    if (!from || !to || typeof reason !== 'string') {
      throw CLI_ERRORS.ARGUMENT_INVALID({
        message: 'Cannot price usage again: --from, --to and --reason are wanted',
      });
    }
    const { prices } = (await openProject(context)).usage;
    const isDryRun = dryRun === true;
    const result = await prices.reprice({
      from,
      to,
      reason,
      dryRun: isDryRun,
      ...given<{ organization?: string }>(context, 'organization'),
    });
    context.print(
      context.format === 'json'
        ? toJson('usage reprice', result)
        : repricedText(result, { isDryRun }, context.style),
    );
    return 0;
  },
};
